import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { proveUrl } from "../../../magics/tunnels/prove.ts";
import { startLocalService } from "../../contracts/tunnel-bench.ts";
import { makeProvider } from "../../support/ngrok-bench.ts";
import { encodeFrame, FrameDecoder } from "../../support/ngrok-ingress/frames.ts";

const program = fileURLToPath(new URL("../../support/ngrok-ingress-main.js", import.meta.url));

describe("muxado frames", { timeout: 120_000 }, () => {
  const bytes = Buffer.from("000003" + "13" + "00000002" + "616263", "hex");
  const frame = { type: 1, flags: 3, streamId: 2, payload: Buffer.from("abc") };

  it("a DATA frame with SYN and FIN is these bytes", () => {
    assert.deepEqual(encodeFrame(frame), bytes);
  });

  it("are found in a stream that arrives byte by byte", () => {
    const decoder = new FrameDecoder();
    const frames = [...bytes, ...bytes].flatMap((byte) => decoder.push(Buffer.from([byte])));
    assert.deepEqual(
      frames.map(({ type, flags, streamId, payload }) => [type, flags, streamId, String(payload)]),
      [
        [1, 3, 2, "abc"],
        [1, 3, 2, "abc"],
      ],
    );
  });

  it("are found when several arrive at once, and the top bit of the id is ignored", () => {
    const other = Buffer.from("000000" + "11" + "80000005", "hex");
    const frames = new FrameDecoder().push(Buffer.concat([bytes, other, bytes.subarray(0, 4)]));
    assert.deepEqual(
      frames.map(({ streamId, payload }) => [streamId, payload.length]),
      [
        [2, 3],
        [5, 0],
      ],
    );
  });
});

describe("the ingress as a program", { timeout: 120_000 }, () => {
  it("prints the environment that makes a provider use it, and ends with its input", async () => {
    const ingress = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface(ingress.stdout), "line");
    const { environment } = JSON.parse(line);
    assert.deepEqual(Object.keys(environment), [
      "NGROK_AUTHTOKEN",
      "COLABCODE_NGROK_SERVER_ADDR",
      "COLABCODE_NGROK_CA",
    ]);
    {
      await using service = await startLocalService();
      const token = environment.NGROK_AUTHTOKEN;
      const request = {
        port: service.port,
        token,
        domain: undefined,
        auth: undefined,
        environment,
      };
      await using tunnel = await makeProvider().open(request, new AbortController().signal);
      await proveUrl(tunnel.url, { marker: "hello", deadlineMs: 5_000 });
    }
    ingress.stdin.end();
    const [code] = await once(ingress, "exit");
    assert.equal(code, 0);
  });
});
