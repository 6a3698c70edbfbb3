import { Duplex } from "node:stream";
import { type Frame, flagFin, flagSyn, frameTypes } from "./frames.ts";

const windowSize = 256 * 1024;
const pieceSize = 32 * 1024;

/** Writes a frame; `written` is called when the connection took it. */
export type SendFrame = (frame: Frame, written: () => void) => void;

/**
 * One muxado stream as a Duplex that `http.request` accepts as its socket. Never sends more than
 * the agent's window, and gives the agent room back only for what was read.
 */
export class MuxadoStream extends Duplex {
  readonly streamId: number;
  readonly #send: SendFrame;
  readonly #forget: () => void;
  #firstFlags: number;
  #window = windowSize;
  #waiting: (() => void) | undefined;
  #owed = 0;
  #isSendingOver = false;
  #isReceivingOver = false;

  constructor(streamId: number, options: { send: SendFrame; forget: () => void; isOurs: boolean }) {
    super({ allowHalfOpen: true });
    this.streamId = streamId;
    this.#send = options.send;
    this.#forget = options.forget;
    this.#firstFlags = options.isOurs ? flagSyn : 0;
  }

  /** Takes a DATA frame of the agent. */
  receive(payload: Buffer, isLast: boolean): void {
    if (payload.length > 0) {
      this.#owed += payload.length;
      if (this.push(payload)) this.#giveRoom();
    }
    if (isLast && !this.#isReceivingOver) {
      this.#isReceivingOver = true;
      this.push(null);
      this.#endIfDone();
    }
  }

  /** Takes a WNDINC frame of the agent. */
  addRoom(increment: number): void {
    this.#window += increment;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  /** Takes an RST frame: after the agent's end it only says that it wants no more of ours. */
  reset(): void {
    this.#isSendingOver = true;
    if (this.#isReceivingOver) this.addRoom(Number.MAX_SAFE_INTEGER);
    else this.destroy(new Error("the agent reset the stream"));
    this.#endIfDone();
  }

  override _read(): void {
    this.#giveRoom();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#isSendingOver || chunk.length === 0) return done();
    if (this.#window === 0) {
      this.#waiting = () => this._write(chunk, _encoding, done);
      return;
    }
    const length = Math.min(chunk.length, this.#window, pieceSize);
    this.#window -= length;
    this.#sendData(chunk.subarray(0, length), 0, () =>
      this._write(chunk.subarray(length), _encoding, done),
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#finish();
    done();
  }

  /** An RST alone does not wake the agent's reader, so that an early end is an empty FIN. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#finish();
    this.#isReceivingOver = true;
    this.#endIfDone();
    done(error);
  }

  // What a socket has and http.request calls; there is nothing to do here.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  #finish(): void {
    if (this.#isSendingOver) return;
    this.#isSendingOver = true;
    this.#sendData(Buffer.alloc(0), flagFin, () => {});
    this.#endIfDone();
  }

  #sendData(payload: Buffer, flags: number, written: () => void): void {
    const { streamId } = this;
    this.#send(
      { type: frameTypes.data, flags: flags | this.#firstFlags, streamId, payload },
      written,
    );
    this.#firstFlags = 0;
  }

  #giveRoom(): void {
    if (this.#owed === 0 || this.#isReceivingOver) return;
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(this.#owed);
    this.#owed = 0;
    this.#send(
      { type: frameTypes.windowIncrement, flags: 0, streamId: this.streamId, payload },
      () => {},
    );
  }

  #endIfDone(): void {
    if (this.#isSendingOver && this.#isReceivingOver) this.#forget();
  }
}
