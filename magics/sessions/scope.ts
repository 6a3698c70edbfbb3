/** Holds things that must end, and ends them in reverse order. Ending twice is safe and waits. */
export class Scope implements AsyncDisposable {
  readonly #held: (() => unknown)[] = [];
  #ending: Promise<void> | undefined;

  /** Takes over `thing`: it ends with this scope. Returns it. */
  hold<T extends AsyncDisposable>(thing: T): T {
    this.defer(() => thing[Symbol.asyncDispose]());
    return thing;
  }

  /** Runs `end` when the scope ends; at once if it has ended. */
  defer(end: () => unknown): void {
    if (this.#ending === undefined) this.#held.push(end);
    else void Promise.resolve(end()).catch(() => {}); // The scope is gone; nobody is left to tell.
  }

  /** Rejects with the first failure, after everything was given its chance to end. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.#held.pop(); end !== undefined; end = this.#held.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
