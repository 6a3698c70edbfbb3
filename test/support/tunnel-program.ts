import { forwardPort } from "./port-forwarder.ts";

/**
 * A tunnel program with bad manners: talks before it says its URL, names the local one first, and
 * ignores SIGTERM. `node tunnel-program.js PORT`.
 */
const port = Number(process.argv[2]);
process.on("SIGTERM", () => {});
console.log("starting, see the manual");
console.error(`Forwarding http://localhost:${port}`);
const url = await forwardPort(port, new AbortController().signal);
console.log(`Your tunnel: ${url}/`);
