import { setTimeout as delay } from "node:timers/promises";
import { ColabCodeError } from "../errors.ts";
import { findPortHolder, portInUse } from "./port-holder.ts";
import { type Program, type ProgramOptions, startProgram } from "./program.ts";
import type { End, RunningService, StartContext } from "./service.ts";

export interface WebProgramOptions extends Omit<ProgramOptions, "signal" | "onLine"> {
  /** For errors: "code-server". */
  readonly name: string;
  readonly port: number;
  /** The request that answers 200 when the program is ready. */
  readonly ready: { readonly path: string; readonly headers?: Readonly<Record<string, string>> };
  /** A line the program writes once it listens; the port alone could be a stranger's. */
  readonly listening: RegExp;
  readonly timeoutMs?: number;
}

/** What a kind of service adds to its program. */
export type WebServiceDescription = Pick<
  RunningService,
  "probePath" | "marker" | "summary" | "links" | "runsCode" | "secret" | "isProtected"
>;

/** Resolves when the program answers on its port, or rejects with its last lines and leaves nothing behind. */
export async function startWebProgram(
  options: WebProgramOptions,
  description: WebServiceDescription,
  context: StartContext,
): Promise<RunningService> {
  context.signal.throwIfAborted();
  let isListening = false;
  // Without the signal: it is for the start alone, a service outlives the cell that started it.
  const program = await startProgram({
    ...options,
    onLine(line) {
      isListening ||= options.listening.test(line);
    },
  });
  try {
    await waitUntilReady(options, program, () => isListening, context.signal);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    context.signal.throwIfAborted();
    throw error;
  }
  return asService(options, description, program);
}

async function waitUntilReady(
  options: WebProgramOptions,
  program: Program,
  isListening: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { name, port, ready, timeoutMs = 60_000 } = options;
  const deadline = Date.now() + timeoutMs;
  let died: string | undefined;
  void program.ended.then((end) => {
    died = end.reason;
  });
  let last = "no answer";
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if (died !== undefined) throw await startFailure(options, program, died);
    if (isListening()) {
      const status = await answerStatus(`http://127.0.0.1:${port}${ready.path}`, ready.headers);
      if (status === 200) return;
      last = status === undefined ? "no answer" : `status ${status}`;
    }
    await delay(50, undefined, { signal });
  }
  throw new ColabCodeError(
    "TIMED_OUT",
    `${name} was not ready on port ${port} after ${timeoutMs / 1000} s (${last}).${tail(program)}`,
  );
}

async function startFailure(
  options: WebProgramOptions,
  program: Program,
  reason: string,
): Promise<ColabCodeError> {
  const lines = program.log().join("\n");
  if (/EADDRINUSE|already in use/i.test(lines) && (await findPortHolder(options.port))) {
    return portInUse(options.port);
  }
  return new ColabCodeError(
    "SERVICE_FAILED",
    `${options.name} did not start: it ${reason}.${tail(program)}`,
  );
}

function tail(program: Program): string {
  const lines = program.log(15);
  return lines.length === 0 ? "" : `\n${lines.join("\n")}`;
}

async function answerStatus(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  try {
    const options = { headers, redirect: "manual", signal: AbortSignal.timeout(5000) } as const;
    const response = await fetch(url, options);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined; // Not listening yet, or busy starting; the caller asks again.
  }
}

function asService(
  options: WebProgramOptions,
  description: WebServiceDescription,
  program: Program,
): RunningService {
  const ended = program.ended.then(({ asked, reason }): End => {
    return { asked, reason: asked ? reason : `${options.name} ${reason}` };
  });
  return {
    ...description,
    url: `http://127.0.0.1:${options.port}`,
    port: options.port,
    pid: program.pid,
    log: () => program.log(),
    stats: () => undefined,
    ended,
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
