import assert from "node:assert/strict";
import { createHash, randomFillSync } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { startLocalService, until } from "../../contracts/tunnel-bench.ts";
import { startNgrokBench } from "../../support/ngrok-bench.ts";

const never = new AbortController().signal;
const size = 50 * 1024 * 1024;

function portOf(server: net.Server): number {
  // A listening TCP server has an address of this shape.
  return (server.address() as AddressInfo).port;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("the real agent under load", { timeout: 120_000 }, () => {
  it("carries 50 MB up and down with equal hashes", async () => {
    const content = randomFillSync(Buffer.alloc(size));
    await using bench = await startNgrokBench();
    await using service = await startLocalService((request, response) => {
      if (request.method === "GET") return Readable.from(slices(content)).pipe(response);
      const hash = createHash("sha256");
      request.on("data", (chunk: Buffer) => hash.update(chunk));
      request.on("end", () => response.end(hash.digest("hex")));
    });
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const expected = hashOf(content);
    const up = await fetch(tunnel.url, { method: "POST", body: content });
    assert.equal(await up.text(), expected);
    const down = await fetch(tunnel.url);
    assert.equal(hashOf(new Uint8Array(await down.arrayBuffer())), expected);
  });

  it("answers 600 requests at once, more than one session may have streams", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const answers = await Promise.all(
      Array.from({ length: 600 }, async (_, index) => {
        const body = `${index}-`.repeat(500);
        const response = await fetch(tunnel.url, { method: "POST", body });
        return (await response.text()) === body;
      }),
    );
    assert.equal(answers.filter((isRight) => !isRight).length, 0);
    assert.equal(bench.ingress.counts.auths, 1);
  });

  it("passes WebSocket messages in both directions, and the close", async () => {
    await using bench = await startNgrokBench();
    const server = http.createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => {
      socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await using tunnel = await bench.provider.open(bench.request(portOf(server)), never);
    const client = new WebSocket(tunnel.url.replace("http:", "ws:"));
    await once(client, "open");
    const big = randomFillSync(Buffer.alloc(1_000_000));
    client.send("hello");
    assert.equal(String((await once(client, "message"))[0]), "hello");
    client.send(big);
    const [echo] = await once(client, "message");
    assert.equal(hashOf(echo), hashOf(big));
    client.close(4001, "done");
    const [code, reason] = await once(client, "close");
    assert.deepEqual([code, String(reason)], [4001, "done"]);
    await new Promise((resolve) => server.close(resolve));
  });

  it("passes server-sent events one by one as they come", async () => {
    await using bench = await startNgrokBench();
    let push: (text: string) => void = () => {};
    await using service = await startLocalService((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      push = (text) => response.write(`data: ${text}\n\n`);
      push("1");
    });
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const response = await fetch(tunnel.url);
    assert.ok(response.body !== null);
    const seen: string[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      seen.push(decoder.decode(chunk).trim());
      if (seen.length === 3) break;
      push(String(seen.length + 1));
    }
    assert.deepEqual(seen, ["data: 1", "data: 2", "data: 3"]);
  });

  it("tells the service that a client went away, and goes on", async () => {
    await using bench = await startNgrokBench();
    let gone = 0;
    await using service = await startLocalService((request, response) => {
      if (request.url === "/") return response.end("hello");
      response.write("start");
      const timer = setInterval(() => response.write("more"), 20);
      response.on("close", () => {
        clearInterval(timer);
        gone++;
      });
    });
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const count = 20;
    for (let index = 0; index < count; index++) {
      const abort = new AbortController();
      const response = await fetch(`${tunnel.url}/endless`, { signal: abort.signal });
      await response.body?.getReader().read();
      abort.abort();
    }
    await until("the service saw them all go", () => gone === count);
    assert.equal(await (await fetch(tunnel.url)).text(), "hello");
  });

  it("keeps an early answer to an upload that the service does not read", async () => {
    await using bench = await startNgrokBench();
    // A bare socket: a server that closes with the upload unread resets the connection, and the
    // answer may be lost on its way to any client.
    const server = net.createServer((socket) => {
      socket.end("HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      socket.resume();
      socket.on("error", () => {}); // What comes after the answer does not matter.
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await using tunnel = await bench.provider.open(bench.request(portOf(server)), never);
    const request = http.request(tunnel.url, { method: "POST" });
    request.on("error", () => {}); // The rest of the upload has nowhere to go.
    request.write(Buffer.alloc(1_000_000));
    const [answer] = await once(request, "response");
    assert.equal(answer.statusCode, 413);
    request.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it("says who asks: Host and X-Forwarded headers", async () => {
    await using bench = await startNgrokBench();
    await using service = await startLocalService((request, response) => {
      response.end(JSON.stringify(request.headers));
    });
    await using tunnel = await bench.provider.open(bench.request(service.port), never);
    const { host } = new URL(tunnel.url);
    const headers = JSON.parse(await (await fetch(tunnel.url)).text());
    assert.equal(headers.host, host);
    assert.equal(headers["x-forwarded-host"], host);
    assert.equal(headers["x-forwarded-proto"], "https");
    assert.equal(headers["x-forwarded-for"], "127.0.0.1");
  });

  it("a service that is not there is a 502, not a hang", async () => {
    await using bench = await startNgrokBench();
    await using gone = await startLocalService();
    await using tunnel = await bench.provider.open(bench.request(gone.port), never);
    await gone[Symbol.asyncDispose]();
    assert.equal((await fetch(tunnel.url)).status, 502);
  });
});

function* slices(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; start += 65_536) {
    yield content.subarray(start, start + 65_536);
  }
}
