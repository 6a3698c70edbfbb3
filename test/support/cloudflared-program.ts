import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { makeCertificate } from "./ngrok-ingress/certificate.ts";

/**
 * Stands in for cloudflared with a named tunnel: says what that says, and leads from a port with
 * TLS, which plays Cloudflare's edge, to the local one. Its token names both, as the settings of
 * the account would.
 */
const token = readFileSync(process.argv.at(-1) ?? "", "utf8");
const [edgePort, servicePort] = token.split(":").map(Number);
const { key, certificate } = await makeCertificate();
const edge = tls.createServer({ key, cert: certificate }, (socket) => {
  const target = net.connect(servicePort ?? 0, "127.0.0.1");
  socket.pipe(target).pipe(socket);
  socket.on("error", () => target.destroy());
  target.on("error", () => socket.destroy());
  socket.on("close", () => target.destroy());
});
console.error("INF Starting tunnel tunnelID=11111111-2222-3333-4444-555555555555");
edge.listen(edgePort, "127.0.0.1", () => {
  console.error("INF Registered tunnel connection connIndex=0 protocol=quic");
});
// What is under way is finished first, which may take longer than anybody waits.
process.on("SIGTERM", () => edge.close());
