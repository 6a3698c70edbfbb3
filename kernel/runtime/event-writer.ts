import { writeSync } from "node:fs";
import {
  maximumPacketBytes,
  maximumStreamUnits,
  messagePackets,
  packetKind,
  writeStreamPacket,
} from "./packets.ts";
import { descriptors, type MessageFromRuntime } from "./runtime-message.ts";

const scratch = Buffer.allocUnsafe(maximumPacketBytes);
let messageNumber = 0;

/**
 * Says something to the kernel process. Returns when it is handed over, so that it goes out while
 * a loop is busy, in order; blocks while the kernel process has not read what came before.
 */
export function send(message: MessageFromRuntime): void {
  messageNumber = (messageNumber + 1) >>> 0;
  for (const packet of messagePackets(message, messageNumber)) writeAll(packet, packet.length);
}

/** Sends text that a cell wrote. */
export function sendText(name: "stdout" | "stderr", execution: number, text: string): void {
  const kind = packetKind[name];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + maximumStreamUnits, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    const piece = start === 0 && end === text.length ? text : text.slice(start, end);
    writeAll(scratch, writeStreamPacket(scratch, { kind, execution, text: piece }));
    start = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Writes to a descriptor that may be non-blocking or full. */
function writeAll(bytes: Buffer, length: number): void {
  let offset = 0;
  while (offset < length) {
    try {
      offset += writeSync(descriptors.events, bytes, offset, length - offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      } else if (code === "EPIPE" || code === "EBADF" || code === "ECONNRESET") {
        // The kernel process is gone: nothing here may outlive it.
        process.kill(process.pid, "SIGKILL");
      } else if (code !== "EINTR") {
        throw error;
      }
    }
  }
}
