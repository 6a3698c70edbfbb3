import { ColabCodeError } from "../errors.ts";
import { startProgram } from "../services/program.ts";

export interface ToolOptions {
  /** What is being done, for the error: "Installing code-server". */
  readonly task: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** What to do when it fails. */
  readonly hint?: string;
}

/**
 * Runs an installer to its end. Rejects with its last lines where it fails, and with the signal's
 * reason after it and all it has started are gone.
 */
export async function runTool(options: ToolOptions): Promise<void> {
  await using program = await startProgram(options);
  const end = await program.ended;
  options.signal.throwIfAborted();
  if (end.exitCode === 0) return;
  const lines = program.log(200).filter((line) => !/^npm http /.test(line));
  const tail = lines.slice(-15).join("\n");
  throw new ColabCodeError(
    "NOT_INSTALLED",
    `${options.task} failed: ${options.command} ${end.reason}.${tail === "" ? "" : `\n${tail}`}`,
    options.hint === undefined ? {} : { hint: options.hint },
  );
}
