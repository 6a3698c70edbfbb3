import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { findToken, forgetToken } from "../../../magics/tunnels/token.ts";

describe("findToken()", () => {
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "colabcode-token-"));
    forgetToken();
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function writeConfiguration(text: string): Promise<string> {
    await mkdir(join(home, ".config", "ngrok"), { recursive: true });
    const file = join(home, ".config", "ngrok", "ngrok.yml");
    await writeFile(file, text);
    return file;
  }

  it("prefers the call, then COLABCODE_NGROK_AUTHTOKEN, then NGROK_AUTHTOKEN", async () => {
    const environment = { COLABCODE_NGROK_AUTHTOKEN: "ours", NGROK_AUTHTOKEN: "theirs" };
    assert.deepEqual(await findToken({ given: " given ", environment, home }), {
      token: "given",
      source: "the call",
    });
    assert.deepEqual(await findToken({ environment, home }), {
      token: "ours",
      source: "COLABCODE_NGROK_AUTHTOKEN",
    });
    assert.deepEqual(await findToken({ environment: { NGROK_AUTHTOKEN: "theirs" }, home }), {
      token: "theirs",
      source: "NGROK_AUTHTOKEN",
    });
  });

  it("reads ngrok's own file in both of its versions", async () => {
    const second = await writeConfiguration('version: "2"\nauthtoken: from-two\n');
    assert.deepEqual(await findToken({ environment: {}, home }), {
      token: "from-two",
      source: second,
    });
    await writeConfiguration('version: 3\nagent:\n  authtoken: "from-three" # mine\n');
    assert.equal((await findToken({ environment: {}, home }))?.token, "from-three");
  });

  it("asks last, once, and again after a refusal", async () => {
    const prompts: string[] = [];
    const ask = async (prompt: string) => {
      prompts.push(prompt);
      return " typed ";
    };
    const typed = { token: "typed", source: "your answer" };
    assert.deepEqual(await findToken({ environment: {}, home, ask }), typed);
    assert.deepEqual(await findToken({ environment: {}, home, ask }), typed);
    assert.equal(prompts.length, 1);
    forgetToken();
    await findToken({ environment: {}, home, ask });
    assert.equal(prompts.length, 2);
  });

  it("gives undefined without a source, and for an empty answer", async () => {
    assert.equal(await findToken({ environment: { NGROK_AUTHTOKEN: " " }, home }), undefined);
    assert.equal(await findToken({ environment: {}, home, ask: async () => "" }), undefined);
  });
});
