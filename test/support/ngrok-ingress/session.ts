import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  flagFin,
  flagSyn,
  frameTypes,
  resetCodes,
} from "./frames.ts";
import { MuxadoStream } from "./stream.ts";

/** What a stream is for, by the number in its first four bytes. */
export const streamTypes = {
  auth: 0,
  bind: 1,
  unbind: 2,
  proxy: 3,
  stop: 5,
  stopTunnel: 9,
  heartbeat: 0xffffffff,
} as const;

// The agent drops the session above 512 streams and frees them later than we do.
const streamLimit = 240;
const heartbeatIntervalMs = 5_000;

export type AnswerCall = (type: number, request: unknown) => unknown;

/** One agent's connection: its streams, calls and heartbeats. */
export class MuxadoSession {
  readonly #connection: Duplex;
  readonly #answerCall: AnswerCall;
  readonly #decoder = new FrameDecoder();
  readonly #streams = new Map<number, MuxadoStream>();
  readonly #queue: (() => void)[] = [];
  #proxies = 0;
  #nextId = 2;
  #firstAgentStream: number | undefined;
  #hasSent = false;
  #isStalled = false;

  constructor(connection: Duplex, answerCall: AnswerCall) {
    this.#connection = connection;
    this.#answerCall = answerCall;
    connection.on("data", (chunk: Buffer) => this.#receive(chunk));
    connection.on("error", () => {}); // The "close" that follows is what counts.
    connection.on("close", () => this.#end());
    this.#watchHeartbeat();
  }

  get isOpen(): boolean {
    return !this.#connection.destroyed;
  }

  get isServing(): boolean {
    return this.isOpen && !this.#isStalled;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  onClose(listener: () => void): void {
    this.#connection.on("close", listener);
  }

  /** Opens a proxy stream that has `header` in its first frame; waits while too many are open. */
  async openProxy(header: Buffer): Promise<MuxadoStream> {
    while (this.#proxies >= streamLimit) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    if (!this.isOpen) throw new Error("the agent is gone");
    this.#proxies++;
    const stream = this.#open(streamTypes.proxy, header);
    stream.on("close", () => {
      this.#proxies--;
      this.#queue.shift()?.();
    });
    return stream;
  }

  /** Sends a command that nobody answers, such as StopTunnel. */
  command(type: number, content: unknown): void {
    const stream = this.#open(type, Buffer.from(JSON.stringify(content)));
    stream.end();
    stream.resume();
  }

  /** Reads and answers nothing any more, while the connection stays. */
  stall(): void {
    this.#isStalled = true;
    this.#connection.pause();
  }

  drop(): void {
    this.#connection.destroy();
  }

  #open(type: number, content: Buffer): MuxadoStream {
    const stream = this.#add(this.#nextId, true);
    this.#nextId += 2;
    stream.write(Buffer.concat([numberBytes(type), content]));
    return stream;
  }

  #add(streamId: number, isOurs: boolean): MuxadoStream {
    const stream = new MuxadoStream(streamId, {
      isOurs,
      send: (frame, written) => this.#send(frame, written),
      forget: () => this.#streams.delete(streamId),
    });
    stream.on("error", () => {}); // Readers have their own listeners; none is fine too.
    this.#streams.set(streamId, stream);
    return stream;
  }

  #send(frame: Frame, written: () => void = () => {}): void {
    this.#hasSent = true;
    if (!this.isOpen) return;
    if (!this.#isStalled) this.#connection.write(encodeFrame(frame), () => written());
  }

  #receive(chunk: Buffer): void {
    this.#hasSent = false;
    for (const frame of this.#decoder.push(chunk)) this.#take(frame);
    // The agent does not set TCP_NODELAY: without an answer its next small frame waits for the
    // delayed acknowledgement, 40 ms. An increment of nothing is a no-op that carries it.
    if (!this.#hasSent && this.#firstAgentStream !== undefined) {
      const streamId = this.#firstAgentStream;
      this.#send({ type: frameTypes.windowIncrement, flags: 0, streamId, payload: numberBytes(0) });
    }
  }

  #take({ type, flags, streamId, payload }: Frame): void {
    let stream = this.#streams.get(streamId);
    if (type === frameTypes.windowIncrement) stream?.addRoom(payload.readUInt32BE(0));
    else if (type === frameTypes.reset) stream?.reset();
    else if (type === frameTypes.goAway) this.drop();
    else if (type === frameTypes.data) {
      if (stream === undefined && (flags & flagSyn) !== 0) {
        this.#firstAgentStream ??= streamId;
        stream = this.#add(streamId, false);
        void this.#accept(stream);
      }
      const isLast = (flags & flagFin) !== 0;
      if (stream !== undefined) stream.receive(payload, isLast);
      else if (payload.length > 0) this.#refuse(streamId);
    }
  }

  #refuse(streamId: number): void {
    const payload = numberBytes(resetCodes.streamClosed);
    this.#send({ type: frameTypes.reset, flags: 0, streamId, payload });
  }

  async #accept(stream: MuxadoStream): Promise<void> {
    let bytes = Buffer.alloc(0);
    try {
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length < 4) continue;
        const type = bytes.readUInt32BE(0);
        if (type === streamTypes.heartbeat) return this.#echo(stream, bytes.subarray(4));
        const request = parseWhole(bytes.subarray(4));
        if (request === undefined) continue;
        stream.end(JSON.stringify(await this.#answerCall(type, request)));
        stream.resume();
        return;
      }
    } catch {
      // The connection went away in the middle of a call; the agent will dial again.
    }
  }

  #echo(stream: MuxadoStream, first: Buffer): void {
    if (first.length > 0) stream.write(first);
    stream.on("data", (chunk: Buffer) => stream.write(chunk));
  }

  /** Drops an agent that does not echo: some leave their connection open when they are done. */
  #watchHeartbeat(): void {
    let stream: MuxadoStream | undefined;
    let isAnswered = true;
    const timer = setInterval(() => {
      if (!isAnswered && !this.#isStalled) return this.drop();
      isAnswered = false;
      if (stream === undefined) {
        stream = this.#open(streamTypes.heartbeat, randomBytes(4));
        stream.on("data", () => {
          isAnswered = true;
        });
      } else stream.write(randomBytes(4));
    }, heartbeatIntervalMs);
    timer.unref();
    this.#connection.on("close", () => clearInterval(timer));
  }

  #end(): void {
    for (const stream of this.#streams.values()) stream.destroy(new Error("the agent is gone"));
    this.#streams.clear();
    for (const resume of this.#queue.splice(0)) resume();
  }
}

/** The agent writes one document without an end: it is there when it parses. */
function parseWhole(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
