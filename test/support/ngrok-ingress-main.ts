import { startIngress } from "./ngrok-ingress.ts";

/**
 * The ingress as a program: prints one line of JSON with the environment that makes ColabCode use
 * it, and runs until its standard input ends or it gets a signal.
 */
const ingress = await startIngress();
console.log(JSON.stringify({ environment: ingress.environment, caPem: ingress.caPem }));

async function end(): Promise<void> {
  await ingress[Symbol.asyncDispose]();
  process.exit(0);
}
process.once("SIGINT", () => void end());
process.once("SIGTERM", () => void end());
process.stdin.on("end", () => void end());
process.stdin.resume();
