import type { CompiledCell } from "../language/language.ts";
import type { RuntimeHost } from "./host.ts";
import { callMagic } from "./magic-call.ts";
import type { SourceFrames } from "./source-frames.ts";
import type { CellEnd } from "./tslab-executor.ts";

export interface RunParts {
  readonly runtime: RuntimeHost;
  readonly execute: (compiled: CompiledCell, name: string) => Promise<CellEnd>;
}

/** Runs a converted cell, its `%%magic` included. Never rejects. */
export async function runCompiled(
  { runtime, execute }: RunParts,
  compiled: CompiledCell,
  frames: SourceFrames,
): Promise<CellEnd> {
  if (compiled.cellMagic === undefined) return await execute(compiled, frames.name);
  const { name, line, body } = compiled.cellMagic;
  const runBody = async () => {
    const end = await execute(compiled, frames.name);
    if (end.status === "ok") return end.value;
    throw end.thrown;
  };
  const lineNumber = frames.lines.findIndex((text) => text.trimStart().startsWith("%%"));
  try {
    const use = { name, line, lineNumber, cell: { body, runBody } };
    return { status: "ok", value: await callMagic(runtime, use) };
  } catch (thrown) {
    return { status: "thrown", thrown };
  }
}
