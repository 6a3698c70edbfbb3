import type { MagicDescription } from "../extension.ts";
import type {
  Runtime,
  RuntimeEnd,
  RuntimeEvent,
  RuntimeOptions,
  StartRuntime,
} from "../runtime/runtime.ts";

export interface RuntimeListeners {
  onEvent(event: RuntimeEvent): void;
  onMagics(magics: readonly MagicDescription[]): void;
  /** The runtime is gone and nobody asked for it; a fresh one is on its way. */
  onLost(end: RuntimeEnd): void;
}

/** Keeps a runtime alive: from `start` on there is one, and another whenever it dies. */
export class RuntimeKeeper implements AsyncDisposable {
  readonly #start: StartRuntime;
  readonly #options: RuntimeOptions;
  readonly #listeners: RuntimeListeners;
  #starting: Promise<Runtime> | undefined;
  #current: Runtime | undefined;
  #isEnding = false;

  constructor(start: StartRuntime, options: RuntimeOptions, listeners: RuntimeListeners) {
    this.#start = start;
    this.#options = options;
    this.#listeners = listeners;
  }

  /** Starts the first runtime, if nobody has wanted it before. */
  start(): void {
    this.#starting ??= this.#launch();
  }

  /** The runtime where there is a living one now. */
  get current(): Runtime | undefined {
    return this.#current;
  }

  /** A living runtime, waited for. Rejects when it cannot be started; the next call tries again. */
  async ready(): Promise<Runtime> {
    this.#starting ??= this.#launch();
    const starting = this.#starting;
    try {
      return await starting;
    } catch (error) {
      if (this.#starting === starting && !this.#isEnding) this.#starting = this.#launch();
      throw error;
    }
  }

  /** Ends the runtime, one that is still starting too, and starts no other. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await this.#current?.shutdown();
  }

  #launch(): Promise<Runtime> {
    const starting = this.#start(this.#options).then((runtime) => this.#adopt(runtime));
    // Whoever needs the runtime gets the reason from `ready`.
    starting.catch(() => {});
    return starting;
  }

  async #adopt(runtime: Runtime): Promise<Runtime> {
    if (this.#isEnding) {
      await runtime.shutdown();
      throw new Error("The kernel is shutting down.");
    }
    this.#current = runtime;
    runtime.onEvent((event) => this.#listeners.onEvent(event));
    runtime.onMagics((magics) => this.#listeners.onMagics(magics));
    void runtime.ended.then((end) => this.#replace(end));
    return runtime;
  }

  #replace(end: RuntimeEnd): void {
    this.#current = undefined;
    if (this.#isEnding) return;
    this.#starting = this.#launch();
    this.#listeners.onLost(end);
  }
}
