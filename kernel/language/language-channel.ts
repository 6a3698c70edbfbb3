import { readSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import type { Language } from "./language.ts";

/** Descriptors of a language process: what it is asked, and what it answers. */
export const descriptors = { requests: 3, answers: 4 } as const;

/** Variable of the environment that tells a language process what it is for. */
export const settingsVariable = "COLABCODE_LANGUAGE";

/** One call of a method of the language; there is an answer to each, in the same order. */
export interface LanguageRequest {
  readonly method: keyof Language;
  readonly parameters: readonly unknown[];
}

export type LanguageAnswer = { readonly value: unknown } | { readonly error: string };

/** A message as both sides write it: its length in 4 bytes, then its bytes. */
export function encodeMessage(message: LanguageRequest | LanguageAnswer): Buffer {
  const bytes = serialize(message);
  const frame = Buffer.allocUnsafe(4 + bytes.length);
  frame.writeUInt32LE(bytes.length);
  bytes.copy(frame, 4);
  return frame;
}

/** Puts messages together again from chunks of any size. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #wanted = 4;

  *push(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return;
    let rest = Buffer.concat(this.#chunks);
    for (;;) {
      this.#wanted = rest.length < 4 ? 4 : 4 + rest.readUInt32LE();
      if (rest.length < this.#wanted) break;
      const message: unknown = deserialize(rest.subarray(4, this.#wanted));
      rest = rest.subarray(this.#wanted);
      yield message;
    }
    this.#chunks = [rest];
    this.#size = rest.length;
  }
}

const scratch = Buffer.allocUnsafe(64 * 1024);

/** Waits for what can be read; undefined when the other side has gone. */
export function readChunk(descriptor: number): Buffer | undefined {
  const length = persist(() => readSync(descriptor, scratch, 0, scratch.length, null));
  return length === 0 ? undefined : Buffer.from(scratch.subarray(0, length));
}

/** Writes all of `bytes`; false when the other side has gone. */
export function writeAll(descriptor: number, bytes: Buffer): boolean {
  let offset = 0;
  while (offset < bytes.length) {
    const length = persist(() => writeSync(descriptor, bytes, offset, bytes.length - offset));
    if (length === 0) return false;
    offset += length;
  }
  return true;
}

/** Tries a system call again that a signal or a full pipe cut short; 0 when nobody is at the other end. */
function persist(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF" || code === "ECONNRESET" || code === "EPIPE") return 0;
      if (code !== "EAGAIN" && code !== "EINTR") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
