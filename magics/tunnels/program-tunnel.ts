import { ColabCodeError } from "../errors.ts";
import { type Program, startProgram } from "../services/program.ts";
import type { End } from "../services/service.ts";
import { interrupted, pause, withDeadline } from "./deadline.ts";
import type { Tunnel, TunnelState } from "./tunnel.ts";

/** A program that makes a port public for as long as it runs. */
export interface TunnelProgram {
  readonly provider: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secrets?: readonly string[];
  /** Texts by path that only this user may read; gone when the program has ended. */
  readonly privateFiles?: Readonly<Record<string, string>>;
  /** The public URL, from all lines that the program wrote so far. */
  findUrl(lines: readonly string[]): string | undefined;
  /** One sentence and the fix for the last lines of a program that gave no URL. */
  explain(lines: readonly string[], reason: string): { sentence: string; hint: string };
}

export interface ProgramTimes {
  readonly openMs: number;
  readonly retryMs: number;
  /** Failed attempts in a row before the tunnel is given up. */
  readonly attempts: number;
}

export const programTimes: ProgramTimes = { openMs: 14_000, retryMs: 1_000, attempts: 8 };

interface Running {
  readonly program: Program;
  readonly url: string;
}

/**
 * Resolves when the program said its URL, or rejects with its last lines and leaves nothing
 * behind. A program that ends by itself is started again; its URL may then be another one.
 */
export async function openProgramTunnel(
  make: () => TunnelProgram,
  signal: AbortSignal,
  times: ProgramTimes = programTimes,
): Promise<Tunnel> {
  if (signal.aborted) throw interrupted();
  const plan = make();
  const tunnel = new ProgramTunnel(make, times, plan.provider, await run(plan, signal, times));
  tunnel.keep();
  return tunnel;
}

async function run(
  plan: TunnelProgram,
  signal: AbortSignal,
  times: ProgramTimes,
): Promise<Running> {
  const abort = new AbortController();
  const lines: string[] = [];
  let tellUrl: (url: string) => void = () => {};
  const said = new Promise<string>((resolve) => {
    tellUrl = resolve;
  });
  const starting = startProgram({
    command: plan.command,
    args: plan.args,
    environment: plan.environment,
    secrets: plan.secrets ?? [],
    privateFiles: plan.privateFiles ?? {},
    signal: abort.signal,
    graceMs: 500,
    onLine: (line) => {
      lines.push(line);
      const url = plan.findUrl(lines);
      if (url !== undefined) tellUrl(url.replace(/\/$/, ""));
      if (lines.length > 200) lines.shift();
    },
  });
  const failure = (reason: string) => {
    const { sentence, hint } = plan.explain(lines, reason);
    return new ColabCodeError("TUNNEL_FAILED", sentence, { hint });
  };
  const work = starting.then(async (program) => {
    const died = program.ended.then(({ reason }) => Promise.reject(failure(reason)));
    died.catch(() => {}); // It also ends after its URL was said, when nobody waits here.
    return { program, url: await Promise.race([said, died]) };
  });
  try {
    const { openMs } = times;
    const seconds = Math.round(openMs / 1000);
    const onTimeout = () => failure(`gave no URL within ${seconds} seconds`);
    return await withDeadline(work, { signal, timeoutMs: openMs, onTimeout });
  } catch (error) {
    abort.abort();
    const program = await starting.catch(() => undefined);
    await program?.[Symbol.asyncDispose]();
    throw error;
  }
}

class ProgramTunnel implements Tunnel {
  readonly provider: string;
  readonly ended: Promise<End>;
  readonly #make: () => TunnelProgram;
  readonly #times: ProgramTimes;
  readonly #closing = new AbortController();
  readonly #listeners: ((state: TunnelState, url: string) => void)[] = [];
  #running: Running | undefined;
  #url: string;
  #kept: Promise<void> | undefined;
  #resolveEnded: (end: End) => void = () => {};

  constructor(make: () => TunnelProgram, times: ProgramTimes, provider: string, running: Running) {
    this.provider = provider;
    this.#make = make;
    this.#times = times;
    this.#running = running;
    this.#url = running.url;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get url(): string {
    return this.#url;
  }

  get pids(): readonly number[] {
    return this.#running === undefined ? [] : [this.#running.program.pid];
  }

  onState(listener: (state: TunnelState, url: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Starts the program again whenever it ends by itself. */
  keep(): void {
    this.#kept ??= this.#keep();
  }

  repair(): void {
    void this.#running?.program[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running?.program[Symbol.asyncDispose]();
    await this.#kept;
    this.#resolveEnded({ asked: true, reason: "the tunnel was closed" });
  }

  async #keep(): Promise<void> {
    let last = "";
    let failures = 0;
    while (failures < this.#times.attempts) {
      if (this.#running !== undefined) {
        last = (await this.#running.program.ended).reason;
        this.#running = undefined;
        if (this.#closing.signal.aborted) return;
        this.#tell("reconnecting");
      }
      await pause(failures * this.#times.retryMs, this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      try {
        this.#running = await run(this.#make(), this.#closing.signal, this.#times);
        failures = 0;
        this.#url = this.#running.url;
        this.#tell("live");
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        failures++;
        last = error instanceof Error ? error.message : String(error);
      }
    }
    this.#resolveEnded({ asked: false, reason: `the tunnel could not come back: ${last}` });
  }

  #tell(state: TunnelState): void {
    for (const listener of this.#listeners) listener(state, this.#url);
  }
}
