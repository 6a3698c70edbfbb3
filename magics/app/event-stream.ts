/** One server-sent event; `data` is sent as JSON. */
export interface ServerEvent {
  readonly data: unknown;
  readonly event?: string;
  readonly id?: string;
}

/** What a typed route returns to answer with server-sent events. */
export class EventStream {
  readonly #events: AsyncIterable<ServerEvent>;

  constructor(events: AsyncIterable<ServerEvent>) {
    this.#events = events;
  }

  /** The stream's text, an event at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for await (const { data, event, id } of this.#events) {
      const head = [id === undefined ? "" : `id: ${oneLine(id)}\n`];
      if (event !== undefined) head.push(`event: ${oneLine(event)}\n`);
      yield `${head.join("")}data: ${JSON.stringify(data)}\n\n`;
    }
  }
}

/** Answers with each of `events` as it comes; the generator is ended when the caller leaves. */
export function eventStream(events: AsyncIterable<ServerEvent>): EventStream {
  return new EventStream(events);
}

/** A line break would begin another field. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}
