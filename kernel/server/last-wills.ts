import type { RuntimeEvent } from "../runtime/runtime.ts";

type LastWill = Extract<RuntimeEvent, { type: "last-will" }>;
type Update = Extract<RuntimeEvent, { type: "display" }>;

/** What displays become when their runtime dies and can no longer change them itself. */
export class LastWills {
  readonly #wills = new Map<string, LastWill>();

  /** The latest will of a display counts; one without data takes it back. */
  note(will: LastWill): void {
    if (will.data === undefined) this.#wills.delete(will.displayId);
    else this.#wills.set(will.displayId, will);
  }

  /** The updates that are due now; asked again, there are none. */
  take(): Update[] {
    const updates = [...this.#wills.values()].map(
      ({ execution, displayId, data = {} }): Update => ({
        type: "display",
        execution,
        isUpdate: true,
        data,
        metadata: {},
        displayId,
      }),
    );
    this.#wills.clear();
    return updates;
  }
}
