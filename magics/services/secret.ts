import { randomBytes } from "node:crypto";

/** 24 characters that need no escaping in a URL, a shell or a form; 144 bits. */
export function makeSecret(): string {
  return randomBytes(18).toString("base64url").replace(/^-/, "a");
}
