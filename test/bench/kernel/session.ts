import { setTimeout as delay } from "node:timers/promises";
import { KernelClient } from "../../../kernel/client/kernel-client.ts";
import { type Cells, cells } from "./cells.ts";
import { emptyFolder } from "./empty-folder.ts";
import { residentMiB } from "./memory.ts";
import { median } from "./statistics.ts";
import type { Subject } from "./subjects.ts";

/** What one session of a kernel took; times in ms. */
export interface SessionFigures {
  readonly roundTrip: number;
  readonly typedCell: number | undefined;
  readonly earlyCells: number;
  readonly lateCells: number;
  readonly completion: number | undefined;
  readonly lateCompletion: number | undefined;
  readonly idleMiB: number;
  readonly lateMiB: number;
}

const patienceMs = 4_000;

/** A kernel in the middle of its session; steps of several kernels take turns. */
export class Session {
  readonly #kernel: KernelClient;
  readonly #cells: Cells;
  readonly #times = new Map<string, number[]>();
  readonly #memory = new Map<string, number>();
  #typed = 0;
  #cell = 0;

  private constructor(kernel: KernelClient, subject: Subject) {
    this.#kernel = kernel;
    this.#cells = cells(subject.isPython);
  }

  static async start(subject: Subject): Promise<Session> {
    const { argv } = subject;
    const options = { argv, transport: "tcp", folder: emptyFolder() } as const;
    const session = new Session(await KernelClient.start(options), subject);
    await session.#run("1+1");
    return session;
  }

  async weigh(when: "idle" | "late"): Promise<void> {
    this.#memory.set(when, residentMiB(this.#kernel.pid));
  }

  async roundTrip(): Promise<void> {
    await this.#time("roundTrip", () => this.#run("1+1"));
  }

  async typedCell(): Promise<void> {
    const code = this.#cells.typed(this.#typed++);
    if (code !== undefined) await this.#time("typed", () => this.#run(code));
  }

  /** One of 200 cells, each with three variables. */
  async sessionCell(): Promise<void> {
    const number = ++this.#cell;
    const when = number <= 20 ? "early" : number > 180 ? "late" : "middle";
    await this.#time(when, () => this.#run(this.#cells.session(number)));
  }

  async complete(when: "early" | "late"): Promise<void> {
    const { completed } = this.#cells;
    await this.#time(`complete ${when}`, async () => {
      await this.#kernel.complete(completed);
    });
  }

  async end(): Promise<SessionFigures> {
    await this.#kernel.shutdown();
    const of = (name: string) => median(this.#times.get(name) ?? []);
    return {
      roundTrip: of("roundTrip"),
      typedCell: this.#times.has("typed") ? of("typed") : undefined,
      earlyCells: of("early"),
      lateCells: of("late"),
      completion: of("complete early"),
      lateCompletion: of("complete late"),
      idleMiB: this.#memory.get("idle") ?? 0,
      lateMiB: this.#memory.get("late") ?? 0,
    };
  }

  async #time(name: string, body: () => Promise<void>): Promise<void> {
    const begin = performance.now();
    // A kernel may lose a message; a front end would wait for ever.
    const isLost = Symbol();
    const signal = new AbortController();
    const patience = delay(patienceMs, isLost, { signal: signal.signal }).catch(() => isLost);
    const end = await Promise.race([body(), patience]);
    signal.abort();
    if (end === isLost) return;
    const times = this.#times.get(name) ?? [];
    times.push(performance.now() - begin);
    this.#times.set(name, times);
  }

  async #run(code: string): Promise<void> {
    const { reply } = await this.#kernel.execute(code);
    if (reply.status !== "ok") throw new Error(`A cell failed: ${JSON.stringify(reply)}\n${code}`);
  }
}

/** Lines that arrived and the ms until the last did, of 100,000 printed; cut off after 20 s. */
export async function measurePrinting(
  subject: Subject,
): Promise<{ readonly lines: number; readonly ms: number } | undefined> {
  const { argv } = subject;
  const options = { argv, transport: "tcp", folder: emptyFolder() } as const;
  const kernel = await KernelClient.start(options);
  try {
    await kernel.execute("1+1");
    const begin = performance.now();
    let lines = 0;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 20_000);
    });
    const done = kernel.execute(cells(subject.isPython).printing, {
      onMessage: ({ header, content }) => {
        if (header.msg_type === "stream") lines += String(content.text).split("\n").length - 1;
      },
    });
    done.catch(() => {});
    await Promise.race([done, late]);
    clearTimeout(timer);
    return { lines, ms: performance.now() - begin };
  } finally {
    await kernel.shutdown();
  }
}
