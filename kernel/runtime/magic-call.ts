import { KernelError } from "../errors.ts";
import { type MagicCall, parseLine, UsageError } from "../extension.ts";
import { formatHelp } from "../options.ts";
import { type CellContext, contextCell } from "./cell-context.ts";
import { setPlace } from "./error-content.ts";
import type { RuntimeHost } from "./host.ts";

export interface MagicUse {
  readonly name: string;
  readonly line: string;
  /** Line of the cell it stands on, from 0. */
  readonly lineNumber: number | undefined;
  /** `%%name` with the cell below it. */
  readonly cell: { readonly body: string; runBody(): Promise<unknown> } | undefined;
}

/** Finds the magic, parses its line and runs it; what fails knows the line it stands on. */
export async function callMagic(runtime: RuntimeHost, use: MagicUse): Promise<unknown> {
  const context = contextCell();
  if (context === undefined) {
    throw new KernelError("NO_CELL", `%${use.name} was called outside of a cell.`);
  }
  const running = run(runtime, use, context);
  context.pending.add(running);
  try {
    return await running;
  } catch (error) {
    if (use.lineNumber !== undefined) placeError(error, context, use, use.lineNumber);
    throw error;
  } finally {
    context.pending.delete(running);
  }
}

async function run(runtime: RuntimeHost, use: MagicUse, context: CellContext): Promise<unknown> {
  const { host, registry } = runtime;
  const magic = await registry.find(use.name);
  if (use.cell !== undefined && magic.body === "none") {
    throw new KernelError("USAGE", `%%${use.name} takes no cell.`, {
      hint: `Write %${use.name} with one percent sign.`,
    });
  }
  const prefix = `${use.cell === undefined ? "%" : "%%"}${magic.name}`;
  const parsed = parseLine(magic, use.line, prefix);
  if (parsed.isHelp) {
    host.display.write("stdout", formatHelp(magic, parsed.command, prefix));
    return undefined;
  }
  const { signal } = context.abort;
  signal.throwIfAborted();
  const call: MagicCall = {
    host,
    cell: context.info,
    signal,
    line: use.line,
    body: use.cell?.body,
    runBody: () => {
      if (use.cell !== undefined && magic.body === "code") return use.cell.runBody();
      throw new KernelError("USAGE", `%${use.name} has no cell to run.`);
    },
  };
  return parsed.command.run(parsed.options, call);
}

/** An error in the words of a line is shown under its word, any other under the magic. */
function placeError(error: unknown, context: CellContext, use: MagicUse, lineNumber: number): void {
  const text = context.frames.lines[lineNumber] ?? "";
  const call = Math.max(0, text.search(/%/));
  const lineStart = use.line === "" ? -1 : text.indexOf(use.line, call);
  const word = error instanceof UsageError ? error.word : undefined;
  const [column, end] =
    word !== undefined && lineStart !== -1
      ? [lineStart + word.start, lineStart + word.end]
      : [call, call + `%${use.name}`.length];
  setPlace(error, {
    frames: context.frames,
    place: { line: lineNumber + 1, column: column + 1 },
    length: Math.max(1, end - column),
  });
}
