import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { KernelError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../protocol/json.ts";
import type { Output } from "./output.ts";

/** A code cell of a notebook. */
export interface CodeCell {
  /** Place among all cells of the notebook, from 0. */
  readonly index: number;
  readonly id: string;
  readonly source: string;
  readonly tags: readonly string[];
}

/** A notebook file (nbformat 4) that can be executed. */
export class Notebook {
  readonly path: string;
  readonly codeCells: readonly CodeCell[];
  readonly #fields: JsonObject;
  readonly #cells: JsonObject[];

  private constructor(path: string, fields: JsonObject, cells: JsonObject[]) {
    this.path = path;
    this.#fields = fields;
    this.#cells = cells;
    this.codeCells = cells.flatMap((cell, index) =>
      cell.cell_type === "code"
        ? [{ index, id: String(cell.id), source: textOf(cell.source), tags: tagsOf(cell) }]
        : [],
    );
  }

  /** Rejects naming the file where it is not a notebook. */
  static async read(path: string): Promise<Notebook> {
    let fields: unknown;
    try {
      fields = JSON.parse(await readFile(path, "utf8"));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KernelError("notebook", `The notebook ${path} cannot be read: ${reason}`, {
        cause,
      });
    }
    if (!isJsonObject(fields) || fields.nbformat !== 4 || !Array.isArray(fields.cells)) {
      throw new KernelError("notebook", `${path} is not a notebook of format 4.`);
    }
    const cells = fields.cells
      .filter(isJsonObject)
      .map((cell) => (typeof cell.id === "string" ? cell : { ...cell, id: newId() }));
    return new Notebook(path, fields, cells);
  }

  /** Puts in what a cell showed when it ran. */
  setOutputs(cell: CodeCell, outputs: readonly Output[], executionCount: number | undefined): void {
    this.#cells[cell.index] = {
      ...this.#cells[cell.index],
      execution_count: executionCount ?? null,
      outputs: outputs.map(toFile),
    };
  }

  /** Writes the notebook with its outputs, whole or not at all. */
  async write(path: string): Promise<void> {
    const draft = `${path}.${process.pid}.tmp`;
    const fields = { ...this.#fields, nbformat_minor: this.#minor(), cells: this.#cells };
    try {
      await writeFile(draft, `${JSON.stringify(fields, undefined, 1)}\n`);
      await rename(draft, path);
    } catch (cause) {
      await rm(draft, { force: true });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KernelError("notebook", `${path} cannot be written: ${reason}`, { cause });
    }
  }

  /** Cell ids came with 4.5. */
  #minor(): number {
    const { nbformat_minor: minor } = this.#fields;
    return typeof minor === "number" && minor > 5 ? minor : 5;
  }
}

function newId(): string {
  return randomBytes(4).toString("hex");
}

function textOf(source: unknown): string {
  return Array.isArray(source) ? source.join("") : String(source ?? "");
}

function tagsOf({ metadata }: JsonObject): string[] {
  const tags = isJsonObject(metadata) ? metadata.tags : undefined;
  return Array.isArray(tags) ? tags.map(String) : [];
}

/** Files hold long text as an array of its lines, so that differences stay readable. */
function toFile(output: Output): JsonObject {
  switch (output.output_type) {
    case "stream":
      return { ...output, text: linesOf(output.text) };
    case "error":
      return { ...output };
    case "display_data":
    case "execute_result": {
      const data = Object.entries(output.data).map(([type, value]) => [
        type,
        typeof value === "string" && isText(type) ? linesOf(value) : value,
      ]);
      return { ...output, data: Object.fromEntries(data) };
    }
  }
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
