import { isJsonObject, type JsonObject } from "../protocol/json.ts";
import type { Message } from "../protocol/message.ts";
import type { Output } from "./output.ts";

/** Collects the outputs of one cell from iopub messages, the way a notebook shows them. */
export class OutputArea {
  /** What the cell shows now; displays are replaced in place when they are updated. */
  readonly outputs: Output[] = [];
  readonly #indexes = new Map<string, number[]>();
  #clearsNext = false;

  /** Takes in one message; returns the output it added, without what it was joined to. */
  add(message: Message): Output | undefined {
    const { content } = message;
    if (message.header.msg_type === "clear_output") {
      if (content.wait === true) this.#clearsNext = true;
      else this.#clear();
      return undefined;
    }
    const output = outputOf(message.header.msg_type, content);
    if (output === undefined) return undefined;
    if (this.#clearsNext) this.#clear();
    const last = this.outputs.at(-1);
    if (
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name
    ) {
      this.outputs[this.outputs.length - 1] = { ...last, text: last.text + output.text };
      return output;
    }
    this.outputs.push(output);
    const id = displayIdOf(content);
    if (id !== undefined) {
      this.#indexes.set(id, [...(this.#indexes.get(id) ?? []), this.outputs.length - 1]);
    }
    return output;
  }

  /** Replaces the displays that an update_display_data message names; returns those replaced. */
  update(message: Message): Output[] {
    const { data, metadata } = message.content;
    const indexes = this.#indexes.get(displayIdOf(message.content) ?? "") ?? [];
    const replaced: Output[] = [];
    for (const index of indexes) {
      const before = this.outputs[index];
      if (before === undefined || !("data" in before)) continue;
      const after = { ...before, data: objectOf(data), metadata: objectOf(metadata) };
      this.outputs[index] = after;
      replaced.push(after);
    }
    return replaced;
  }

  #clear(): void {
    this.#clearsNext = false;
    this.outputs.length = 0;
    this.#indexes.clear();
  }
}

function outputOf(type: string, content: JsonObject): Output | undefined {
  switch (type) {
    case "stream": {
      const name = content.name === "stderr" ? "stderr" : "stdout";
      return { output_type: "stream", name, text: String(content.text ?? "") };
    }
    case "display_data":
      return {
        output_type: type,
        data: objectOf(content.data),
        metadata: objectOf(content.metadata),
      };
    case "execute_result":
      return {
        output_type: type,
        execution_count: Number(content.execution_count ?? 0),
        data: objectOf(content.data),
        metadata: objectOf(content.metadata),
      };
    case "error":
      return {
        output_type: type,
        ename: String(content.ename ?? ""),
        evalue: String(content.evalue ?? ""),
        traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
      };
    default:
      return undefined;
  }
}

function displayIdOf({ transient }: JsonObject): string | undefined {
  const id = isJsonObject(transient) ? transient.display_id : undefined;
  return typeof id === "string" ? id : undefined;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
