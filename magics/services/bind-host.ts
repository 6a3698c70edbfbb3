import { networkInterfaces } from "node:os";
import { ColabCodeError } from "../errors.ts";

/**
 * Where a service listens: this machine alone, or all of its addresses. Either way it answers at
 * 127.0.0.1 too, which is where probes and tunnels ask.
 */
export type BindHost = "127.0.0.1" | "0.0.0.0" | "::";

const names: Readonly<Record<string, BindHost>> = {
  "127.0.0.1": "127.0.0.1",
  localhost: "127.0.0.1",
  "0.0.0.0": "0.0.0.0",
  "::": "::",
};

/** Throws USAGE for an address of one network card, behind which tunnels would find nothing. */
export function parseBindHost(text: string): BindHost {
  const host = names[text];
  if (host !== undefined) return host;
  throw new ColabCodeError("USAGE", `--host ${text} is not something to listen at.`, {
    hint: "Give 127.0.0.1 for this machine only, or 0.0.0.0 for everybody on its networks.",
  });
}

/** The link for others on the network; undefined where they cannot come or there is no network. */
export function networkUrl(host: BindHost, port: number): string | undefined {
  if (host === "127.0.0.1") return undefined;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
  return found === undefined ? undefined : `http://${found.address}:${port}`;
}
