import { createHmac, timingSafeEqual } from "node:crypto";
import { KernelError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { Header, Message } from "./message.ts";

/** What came off the wire: a message that is genuine and whole, or why it is neither. */
export type Decoded =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "rejected"; readonly reason: string };

const delimiter = Buffer.from("<IDS|MSG>");
const utf8 = new TextDecoder("utf-8", { fatal: true });
const rememberedSignatures = 65_536;

/** Turns messages into frames and back. Signs what it encodes; decodes only what is signed. */
export class WireCodec {
  readonly #key: string;
  readonly #hash: string;
  readonly #seen = new Set<string>();

  /** An empty key turns signatures off. Throws where `scheme` names no hash that Node has. */
  constructor(key: string, scheme = "hmac-sha256") {
    this.#key = key;
    this.#hash = scheme.replace(/^hmac-/, "");
    try {
      createHmac(this.#hash, "");
    } catch (cause) {
      throw new KernelError("signature-scheme", `The signature scheme ${scheme} is not known.`, {
        hint: "Use hmac-sha256.",
        cause,
      });
    }
  }

  encode(message: Message): Uint8Array[] {
    const parts = [message.header, message.parentHeader, message.metadata, message.content].map(
      (part) => Buffer.from(JSON.stringify(part)),
    );
    const signature = this.#key === "" ? "" : this.#sign(parts).toString("hex");
    return [...message.identities, delimiter, Buffer.from(signature), ...parts, ...message.buffers];
  }

  /** Never throws, whatever the frames hold. */
  decode(frames: readonly Uint8Array[]): Decoded {
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    if (at < 0) return rejected("it has no <IDS|MSG> delimiter");
    const [signature, ...rest] = frames.slice(at + 1);
    const parts = rest.slice(0, 4);
    if (signature === undefined || parts.length < 4) {
      return rejected(`it has ${frames.length - at - 1} frames after the delimiter, 5 are needed`);
    }
    const forgery = this.#check(signature, parts);
    if (forgery !== undefined) return rejected(forgery);
    const [header, parentHeader, metadata, content] = parts.map(parseObject);
    if (!isHeader(header)) return rejected("its header is not an object with msg_id and msg_type");
    if (content === undefined) return rejected("its content is not a JSON object");
    return {
      kind: "message",
      message: {
        identities: frames.slice(0, at),
        header,
        parentHeader: parentHeader ?? {},
        metadata: metadata ?? {},
        content,
        buffers: rest.slice(4),
      },
    };
  }

  #check(signature: Uint8Array, parts: readonly Uint8Array[]): string | undefined {
    if (this.#key === "") return undefined;
    const expected = Buffer.from(this.#sign(parts).toString("hex"));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      return "its signature is wrong";
    }
    const digest = expected.toString();
    if (this.#seen.has(digest)) return "it came before with the same signature";
    this.#seen.add(digest);
    if (this.#seen.size > rememberedSignatures) this.#forgetOldest();
    return undefined;
  }

  #forgetOldest(): void {
    for (const digest of this.#seen) {
      this.#seen.delete(digest);
      return;
    }
  }

  #sign(parts: readonly Uint8Array[]): Buffer {
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  }
}

function rejected(reason: string): Decoded {
  return { kind: "rejected", reason };
}

function parseObject(frame: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(frame));
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not UTF-8 or not JSON: told apart from an object by what is returned.
    return undefined;
  }
}

function isHeader(value: JsonObject | undefined): value is Header {
  return typeof value?.msg_id === "string" && typeof value.msg_type === "string";
}
