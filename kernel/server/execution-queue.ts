/** Runs what is pushed one after another, in the order it came. */
export class ExecutionQueue<Item> {
  readonly #run: (item: Item) => Promise<void>;
  #waiting: Item[] = [];
  #isRunning = false;

  /** `run` must not reject. */
  constructor(run: (item: Item) => Promise<void>) {
    this.#run = run;
  }

  push(item: Item): void {
    this.#waiting.push(item);
    if (!this.#isRunning) void this.#work();
  }

  /** Takes out everything that waits; what runs goes on. */
  clear(): Item[] {
    const items = this.#waiting;
    this.#waiting = [];
    return items;
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      await this.#run(item);
    }
    this.#isRunning = false;
  }
}
