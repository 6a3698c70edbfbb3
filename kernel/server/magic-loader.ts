import type { LanguageService } from "../language/language.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { RuntimeKeeper } from "./runtime-keeper.ts";

/** Longest that a completion waits for descriptions of magics, in ms. */
const patienceMs = 150;

/** Brings the descriptions of magics from the runtime to the language, when first needed. */
export class MagicLoader {
  readonly #language: Promise<LanguageService>;
  readonly #runtimes: RuntimeKeeper;
  readonly #loading = new WeakMap<Runtime, Promise<void>>();

  constructor(language: Promise<LanguageService>, runtimes: RuntimeKeeper) {
    this.#language = language;
    this.#runtimes = runtimes;
  }

  /** Resolves when the language knows the magics of `runtime`; rejects when it cannot load them. */
  load(runtime: Runtime): Promise<void> {
    const loading = this.#loading.get(runtime) ?? this.#load(runtime);
    this.#loading.set(runtime, loading);
    return loading;
  }

  /** The same for whoever can do without: waits a short time only, for a busy runtime answers late. */
  async loadSoon(): Promise<void> {
    const runtime = this.#runtimes.current;
    if (runtime === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([this.load(runtime).catch(() => {}), patience]);
    clearTimeout(timer);
  }

  async #load(runtime: Runtime): Promise<void> {
    try {
      const magics = await runtime.loadMagics();
      await (await this.#language).setMagics(magics);
    } catch (error) {
      this.#loading.delete(runtime);
      throw error;
    }
  }
}
