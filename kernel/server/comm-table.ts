/** Which comms are open, whoever opened them. */
export class CommTable {
  readonly #targets = new Map<string, string>();

  /** Follows one comm message of either side. */
  note(message: "comm_open" | "comm_msg" | "comm_close", id: string, target?: string): void {
    if (message === "comm_open") this.#targets.set(id, target ?? "");
    if (message === "comm_close") this.#targets.delete(id);
  }

  /** The open comms by id, those of `target` only where it is given. */
  list(target: string | undefined): Record<string, { target_name: string }> {
    const open = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(open.map(([id, target_name]) => [id, { target_name }]));
  }

  /** Forgets all comms; gives their ids. */
  clear(): string[] {
    const ids = [...this.#targets.keys()];
    this.#targets.clear();
    return ids;
  }
}
