/** Text of one cell on one stream. */
export interface StreamText {
  readonly execution: number;
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

/** How long text waits for more, in ms: short enough to look live. */
const delayMs = 25;
/** UTF-16 units after which text no longer waits. */
const fullAt = 256 * 1024;

/**
 * Joins consecutive writes to one stream, so that a thousand printed lines are a few messages.
 * Order is kept: text of another cell or stream sends what waits first.
 */
export class StreamMerger {
  readonly #send: (text: StreamText) => void;
  #waiting: { execution: number; name: "stdout" | "stderr"; texts: string[] } | undefined;
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (text: StreamText) => void) {
    this.#send = send;
  }

  write({ execution, name, text }: StreamText): void {
    const waiting = this.#waiting;
    if (waiting?.execution === execution && waiting.name === name) {
      waiting.texts.push(text);
    } else {
      this.flush();
      this.#waiting = { execution, name, texts: [text] };
      this.#timer = setTimeout(() => this.flush(), delayMs);
    }
    this.#length += text.length;
    if (this.#length >= fullAt) this.flush();
  }

  /** Sends what waits. To be called before anything that has to come after it. */
  flush(): void {
    clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#length = 0;
    if (waiting === undefined) return;
    const { execution, name, texts } = waiting;
    this.#send({ execution, name, text: texts.join("") });
  }
}
