import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseTunnel, localOnly } from "../../../magics/tunnels/providers.ts";

const home = "/nowhere";

describe("chooseTunnel()", () => {
  it("auto takes ngrok when a token is at hand", async () => {
    const environment = { NGROK_AUTHTOKEN: "a-token" };
    const choice = await chooseTunnel({ wanted: "auto", environment, home });
    assert.equal(choice.provider?.name, "ngrok");
    assert.equal("token" in choice ? choice.token : undefined, "a-token");
  });

  it("auto without anything stays local, names the ways to share, and does not ask", async () => {
    const ask = () => assert.fail("it asked");
    const choice = await chooseTunnel({ wanted: "auto", environment: {}, home, ask });
    assert.deepEqual(choice, { provider: undefined, sentence: localOnly });
    assert.match(localOnly, /NGROK_AUTHTOKEN/);
  });

  it("ngrok by name asks for the token", async () => {
    const ask = async () => "typed-token";
    const choice = await chooseTunnel({ wanted: "ngrok", environment: {}, home, ask });
    assert.equal("token" in choice ? choice.token : undefined, "typed-token");
  });

  it("none is local, as asked", async () => {
    const environment = { NGROK_AUTHTOKEN: "a-token" };
    assert.deepEqual(await chooseTunnel({ wanted: "none", environment, home }), {
      provider: undefined,
      sentence: "Local only, as asked.",
    });
  });

  it("a function is a provider", async () => {
    const wanted = async () => "https://my.example/";
    const { provider } = await chooseTunnel({ wanted, environment: {}, home });
    assert.equal(provider?.name, "function");
  });

  it("an unknown name is named with the nearest known one", async () => {
    await assert.rejects(chooseTunnel({ wanted: "ngork", environment: {}, home }), {
      code: "USAGE",
      message: 'There is no tunnel named "ngork".',
      hint: /^Did you mean ngrok\? Known are auto, none, ngrok/,
    });
  });
});
