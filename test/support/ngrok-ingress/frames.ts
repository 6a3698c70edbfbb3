/** The muxado frame kinds, by the number in the high nibble of byte 3. */
export const frameTypes = { reset: 0, data: 1, windowIncrement: 2, goAway: 3 } as const;

export const flagFin = 1;
export const flagSyn = 2;

/** What a side says when it resets a stream. */
export const resetCodes = { flowControl: 3, streamClosed: 4, refused: 5, cancelled: 6 } as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

const headerLength = 8;

/** One frame as bytes; all integers are big-endian. */
export function encodeFrame({ type, flags, streamId, payload }: Frame): Buffer {
  const frame = Buffer.allocUnsafe(headerLength + payload.length);
  frame.writeUIntBE(payload.length, 0, 3);
  frame.writeUInt8((type << 4) | flags, 3);
  frame.writeUInt32BE(streamId, 4);
  payload.copy(frame, headerLength);
  return frame;
}

/** Cuts a byte stream into frames, however it arrives. */
export class FrameDecoder {
  #rest = Buffer.alloc(0);

  /** The frames that `chunk` completes, in order. */
  push(chunk: Buffer): Frame[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    while (bytes.length >= headerLength) {
      const end = headerLength + bytes.readUIntBE(0, 3);
      if (bytes.length < end) break;
      const kind = bytes.readUInt8(3);
      frames.push({
        type: kind >> 4,
        flags: kind & 0x0f,
        streamId: bytes.readUInt32BE(4) & 0x7fffffff,
        payload: bytes.subarray(headerLength, end),
      });
      bytes = bytes.subarray(end);
    }
    this.#rest = Buffer.from(bytes);
    return frames;
  }
}
