import type { ModelAppReport } from "./model-app-messages.ts";

/** How long the cluster may take for an answer. */
const answerMs = 5000;

type Question = Extract<ModelAppReport, { type: "take" | "read-metrics" }>;

/** A worker's way to what all workers of its cluster share. */
export class ClusterLink {
  readonly #send: (question: Question) => void;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #lastId = 0;

  constructor(send: (question: Question) => void) {
    this.#send = send;
  }

  /** Gives the seconds that `client` has to wait before it may ask again, 0 for none. */
  readonly takeRequest = async (client: string): Promise<number> => {
    return Number(await this.#ask((id) => ({ type: "take", id, client })));
  };

  /** Gives the metrics of all workers as one text. */
  readonly readMetrics = async (): Promise<string> => {
    return String(await this.#ask((id) => ({ type: "read-metrics", id })));
  };

  /** To be called with each answer that comes. */
  answer(id: number, answer: unknown): void {
    this.#waiting.get(id)?.(answer);
  }

  async #ask(question: (id: number) => Question): Promise<unknown> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = withResolvers();
    const timer = setTimeout(() => reject(new Error("The cluster does not answer")), answerMs);
    this.#waiting.set(id, resolve);
    this.#send(question(id));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }
}

function withResolvers() {
  let resolve: (value: unknown) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<unknown>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
