import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { WireCodec } from "../../../kernel/protocol/wire-codec.ts";

const header = { msg_id: "m1", msg_type: "execute_request", session: "s" };
const message = {
  identities: [Buffer.from("peer")],
  header,
  parentHeader: {},
  metadata: { cellId: "c" },
  content: { code: "1 + 1" },
  buffers: [Buffer.from([1, 2, 3])],
};

function sign(key: string, parts: readonly string[], hash = "sha256"): string {
  const hmac = createHmac(hash, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** Frames of a message whose four parts are given as text. */
function framesOf(parts: readonly string[], signature = sign("key", parts)): Buffer[] {
  return ["<IDS|MSG>", signature, ...parts].map((part) => Buffer.from(part));
}

const whole = [JSON.stringify(header), "{}", "{}", `{"code":"x"}`];

describe("WireCodec", () => {
  test("decode() gives back what encode() was given, identities and buffers included", () => {
    const frames = new WireCodec("key").encode(message);
    const decoded = new WireCodec("key").decode(frames);
    assert.deepEqual(decoded, { kind: "message", message });
  });

  test("encode() signs the four parts with HMAC-SHA256 in hex", () => {
    const frames = new WireCodec("key").encode(message).map(String);
    assert.equal(frames[1], "<IDS|MSG>");
    assert.equal(frames[2], sign("key", frames.slice(3, 7)));
  });

  test("signature_scheme chooses another hash", () => {
    const frames = framesOf(whole, sign("key", whole, "sha512"));
    assert.equal(new WireCodec("key", "hmac-sha512").decode(frames).kind, "message");
  });

  test("an unknown signature_scheme is named when the codec is made", () => {
    assert.throws(() => new WireCodec("key", "hmac-rot13"), /hmac-rot13/);
  });

  test("an empty key takes messages with any signature", () => {
    assert.equal(new WireCodec("").decode(framesOf(whole, "")).kind, "message");
    assert.equal(String(new WireCodec("").encode(message)[2]), "");
  });

  const rejected: [name: string, frames: Buffer[], reason: RegExp][] = [
    ["no frames at all", [], /no <IDS\|MSG> delimiter/],
    ["no delimiter", [Buffer.from("x"), Buffer.from("y")], /no <IDS\|MSG> delimiter/],
    ["nothing after the delimiter", [Buffer.from("<IDS|MSG>")], /0 frames after/],
    ["too few parts", framesOf(whole).slice(0, 5), /4 frames after/],
    ["a wrong signature", framesOf(whole, "0".repeat(64)), /signature is wrong/],
    ["a short signature", framesOf(whole, "abc"), /signature is wrong/],
    ["an empty signature", framesOf(whole, ""), /signature is wrong/],
    ["a header that is no JSON", framesOf(["{", "{}", "{}", "{}"]), /header/],
    ["a header that is a list", framesOf(["[]", "{}", "{}", "{}"]), /header/],
    ["a header without a type", framesOf([`{"msg_id":"1"}`, "{}", "{}", "{}"]), /msg_type/],
    ["a content that is no JSON", framesOf([...whole.slice(0, 3), "nope"]), /content/],
    ["a content that is text", framesOf([...whole.slice(0, 3), `"x"`]), /content/],
  ];
  for (const [name, frames, reason] of rejected) {
    test(`decode() rejects ${name} with a reason`, () => {
      const decoded = new WireCodec("key").decode(frames);
      assert.equal(decoded.kind, "rejected");
      assert.match(decoded.kind === "rejected" ? decoded.reason : "", reason);
    });
  }

  test("decode() checks the signature before it parses", () => {
    const frames = framesOf(["{", "{", "{", "{"], "0".repeat(64));
    const decoded = new WireCodec("key").decode(frames);
    assert.deepEqual(decoded, { kind: "rejected", reason: "its signature is wrong" });
  });

  test("decode() rejects invalid UTF-8", () => {
    const broken = Buffer.from([0x7b, 0xff, 0x7d]);
    const frames = [Buffer.from("<IDS|MSG>"), Buffer.from(""), broken, broken, broken, broken];
    assert.equal(new WireCodec("").decode(frames).kind, "rejected");
  });

  test("decode() takes a message once: a replay is rejected", () => {
    const codec = new WireCodec("key");
    assert.equal(codec.decode(framesOf(whole)).kind, "message");
    assert.deepEqual(codec.decode(framesOf(whole)), {
      kind: "rejected",
      reason: "it came before with the same signature",
    });
  });

  test("a lone surrogate in content survives the way there and back", () => {
    const content = { text: "\ud83d" };
    const frames = new WireCodec("key").encode({ ...message, content });
    const decoded = new WireCodec("key").decode(frames);
    assert.deepEqual(decoded.kind === "message" && decoded.message.content, content);
  });
});
