import fs from "node:fs";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { outputExecution } from "./cell-context.ts";
import { sendText } from "./event-writer.ts";

/** Stands for `process.stdout` or `process.stderr`: what is written goes out at once, with its cell. */
class CapturedStream extends Writable {
  readonly fd: 1 | 2;
  readonly #name: "stdout" | "stderr";
  readonly #decoder = new StringDecoder("utf8");

  constructor(name: "stdout" | "stderr") {
    super({ decodeStrings: false });
    this.#name = name;
    this.fd = name === "stdout" ? 1 : 2;
  }

  override write(
    chunk: unknown,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    this.#emit(chunk, typeof encoding === "string" ? encoding : "utf8");
    if (done !== undefined) process.nextTick(done);
    return true;
  }

  override _write(chunk: unknown, encoding: BufferEncoding, callback: () => void): void {
    this.#emit(chunk, encoding);
    callback();
  }

  #emit(chunk: unknown, encoding: BufferEncoding): void {
    const text =
      typeof chunk === "string"
        ? encoding === "hex" || encoding === "base64" || encoding === "base64url"
          ? this.#decoder.write(Buffer.from(chunk, encoding))
          : chunk
        : chunk instanceof Uint8Array
          ? this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
          : undefined;
    if (text === undefined) throw new TypeError("The chunk must be a string or a Uint8Array.");
    sendText(this.#name, outputExecution(), text);
  }
}

/**
 * Puts captured streams in the place of `process.stdout` and `process.stderr`. The real ones are
 * never made: opening them would turn the descriptors that children inherit non-blocking.
 */
export function captureStreams(): void {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = new CapturedStream(name);
    Object.defineProperty(process, name, { configurable: true, get: () => stream });
  }
  captureDescriptorWrites();
}

/** `fs.writeSync(1, …)` stays in order with `console.log`, which native writes may lose. */
function captureDescriptorWrites(): void {
  const original = fs.writeSync;
  const captured = (descriptor: number, data: unknown, ...rest: unknown[]): number => {
    const isWhole = rest.every((each) => each === undefined || each === null || each === "utf8");
    if ((descriptor !== 1 && descriptor !== 2) || !isWhole) {
      return Reflect.apply(original, fs, [descriptor, data, ...rest]);
    }
    const stream = descriptor === 1 ? process.stdout : process.stderr;
    if (typeof data === "string") {
      stream.write(data);
      return Buffer.byteLength(data);
    }
    if (!(data instanceof Uint8Array)) return Reflect.apply(original, fs, [descriptor, data]);
    stream.write(data);
    return data.byteLength;
  };
  // The overloads of the original are all answered above.
  fs.writeSync = captured as typeof fs.writeSync;
}
