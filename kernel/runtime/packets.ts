import { deserialize, serialize } from "node:v8";

/**
 * What the two processes say to each other travels in packets: 4 bytes length, 1 byte kind, the
 * rest by kind. A packet is small enough to be written by one system call, all or nothing, so
 * that user code that is terminated while it prints can lose a message but not the framing.
 */
export const packetKind = { message: 0, stdout: 1, stderr: 2 } as const;

export const maximumPacketBytes = 16 * 1024;

const headerBytes = 5;
const messageHeaderBytes = headerBytes + 5;

/** Packets of one message: its number, whether the packet is the last one, a slice of its bytes. */
export function messagePackets(message: unknown, number: number): Buffer[] {
  const bytes = serialize(message);
  const room = maximumPacketBytes - messageHeaderBytes;
  const packets: Buffer[] = [];
  let start = 0;
  do {
    const end = Math.min(start + room, bytes.length);
    const packet = Buffer.allocUnsafe(messageHeaderBytes + end - start);
    packet.writeUInt32LE(packet.length - 4, 0);
    packet[4] = packetKind.message;
    packet.writeUInt32LE(number, headerBytes);
    packet[headerBytes + 4] = end === bytes.length ? 1 : 0;
    bytes.copy(packet, messageHeaderBytes, start, end);
    packets.push(packet);
    start = end;
  } while (start < bytes.length);
  return packets;
}

/** Code units of text that fit into one packet whatever they are. */
export const maximumStreamUnits = Math.floor((maximumPacketBytes - headerBytes - 4) / 3);

/** Writes the packet of a piece of stream text into `target`; gives its length. */
export function writeStreamPacket(
  target: Buffer,
  { kind, execution, text }: { kind: number; execution: number; text: string },
): number {
  const written = target.write(text, headerBytes + 4, "utf8");
  target.writeUInt32LE(5 + written, 0);
  target[4] = kind;
  target.writeUInt32LE(execution, headerBytes);
  return headerBytes + 4 + written;
}

export type Packet =
  | { readonly kind: "message"; readonly message: unknown }
  | {
      readonly kind: "stream";
      readonly name: "stdout" | "stderr";
      readonly execution: number;
      readonly text: string;
    };

/** Puts packets together again from chunks of any size. */
export class PacketReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #parts: Buffer[] = [];
  #number: number | undefined;

  *push(chunk: Buffer): Generator<Packet> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < 4) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let start = 0;
    while (bytes.length - start >= 4) {
      const end = start + 4 + bytes.readUInt32LE(start);
      if (end > bytes.length) break;
      const packet = this.#read(bytes.subarray(start + 4, end));
      if (packet !== undefined) yield packet;
      start = end;
    }
    this.#chunks = start === bytes.length ? [] : [bytes.subarray(start)];
    this.#size = bytes.length - start;
  }

  #read(payload: Buffer): Packet | undefined {
    const kind = payload[0];
    if (kind !== packetKind.message) {
      const name = kind === packetKind.stdout ? "stdout" : "stderr";
      const execution = payload.readUInt32LE(1);
      return { kind: "stream", name, execution, text: payload.toString("utf8", 5) };
    }
    const number = payload.readUInt32LE(1);
    if (number !== this.#number) this.#parts = [];
    this.#number = number;
    this.#parts.push(payload.subarray(6));
    if (payload[5] === 0) return undefined;
    const bytes = this.#parts.length === 1 ? payload.subarray(6) : Buffer.concat(this.#parts);
    this.#parts = [];
    return { kind: "message", message: deserialize(bytes) };
  }
}
