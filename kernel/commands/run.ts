import { parseArgs } from "node:util";
import { type RunResult, runNotebook } from "../client/notebook-runner.ts";
import type { Output } from "../client/output.ts";
import { renderOutput, terminalStyle } from "../client/terminal-output.ts";
import { usageError } from "./usage-error.ts";

/** `colabcode-kernel run`; resolves with the exit code, 1 where a cell failed. */
export async function runCommand(words: readonly string[]): Promise<number> {
  const { path, output, timeoutMs, isJson, allowErrors, keepAlive } = parse(words);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  await using result = await runNotebook(path, {
    output,
    timeoutMs,
    allowErrors,
    keepAlive,
    signal: stop.signal,
    onOutput: isJson ? undefined : show,
  });
  if (isJson) process.stdout.write(`${JSON.stringify(summaryOf(result))}\n`);
  else if (result.failure !== undefined) process.stderr.write(`${sentenceOf(result.failure)}\n`);
  if (keepAlive && result.status === "ok") await keep(result, stop.signal);
  return result.status === "ok" ? 0 : 1;
}

/** Until it is told to stop, or the kernel ends; a program that started this one hears when it begins. */
async function keep({ client }: RunResult, signal: AbortSignal): Promise<void> {
  process.send?.({ type: "kept" });
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    process.once("disconnect", resolve);
    if (signal.aborted) resolve();
  });
  await Promise.race([stopped, client?.ended]);
}

/** Streams go where they came from, everything else to stdout. */
function show(output: Output): void {
  const isError = output.output_type === "stream" && output.name === "stderr";
  const stream = isError ? process.stderr : process.stdout;
  stream.write(renderOutput(output, terminalStyle(stream)));
}

function sentenceOf({ cell, ename, evalue }: NonNullable<RunResult["failure"]>): string {
  return `Cell ${cell.index + 1} failed: ${ename}: ${evalue}`;
}

function summaryOf({ status, executed, durationMs, failure }: RunResult): object {
  return {
    status,
    executed,
    durationMs: Math.round(durationMs),
    failure:
      failure === undefined
        ? null
        : {
            index: failure.cell.index,
            cellId: failure.cell.id,
            ename: failure.ename,
            evalue: failure.evalue,
          },
  };
}

function parse(words: readonly string[]): {
  path: string;
  output: string | undefined;
  timeoutMs: number | undefined;
  isJson: boolean;
  allowErrors: boolean;
  keepAlive: boolean;
} {
  let parsed: ReturnType<typeof parseWords>;
  try {
    parsed = parseWords(words);
  } catch (cause) {
    throw usageError(cause);
  }
  const { values, positionals } = parsed;
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw usageError("Give one notebook to run.");
  const seconds = values.timeout === undefined ? undefined : Number(values.timeout);
  if (seconds !== undefined && !(seconds > 0)) {
    throw usageError(`--timeout is ${values.timeout}, not a number of seconds above 0.`);
  }
  return {
    path,
    output: values.output,
    timeoutMs: seconds === undefined ? undefined : seconds * 1_000,
    isJson: values.json ?? false,
    allowErrors: values["allow-errors"] ?? false,
    keepAlive: values["keep-alive"] ?? false,
  };
}

function parseWords(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      output: { type: "string", short: "o" },
      timeout: { type: "string" },
      json: { type: "boolean" },
      "allow-errors": { type: "boolean" },
      "keep-alive": { type: "boolean" },
    },
  });
}
