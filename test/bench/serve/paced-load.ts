/**
 * A program of its own: `paced-load.js URL BODY SECONDS` posts 300 requests a second, however late
 * the replies are, and prints the 99th percentile of their latency in milliseconds.
 */
import { Agent, request } from "node:http";

const [url = "", body = "", seconds = "5"] = process.argv.slice(2);
const intervalMs = 1000 / 300;
const count = Math.round((Number(seconds) * 1000) / intervalMs);
const agent = new Agent({ keepAlive: true });
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
const latencies: number[] = [];

function send(planned: number): void {
  const post = request(url, { method: "POST", agent, headers }, (reply) => {
    if (reply.statusCode !== 200) throw new Error(`answered ${reply.statusCode}`);
    reply.resume().on("end", () => {
      if (latencies.push(performance.now() - planned) === count) finish();
    });
  });
  post.end(body);
}

function finish(): void {
  latencies.sort((a, b) => a - b);
  console.log(latencies[Math.ceil(0.99 * count) - 1]);
  process.exit();
}

const start = performance.now();
let sent = 0;
setInterval(() => {
  while (sent < count && performance.now() - start >= sent * intervalMs) {
    send(start + sent * intervalMs);
    sent++;
  }
}, 1);
