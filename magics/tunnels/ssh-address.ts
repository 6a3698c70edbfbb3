import { ColabCodeError } from "../errors.ts";

/** Where `--tunnel ssh://…` leads. */
export interface SshAddress {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  /** Port on the server that is made public; 0 lets the server choose. */
  readonly remotePort: number;
  /** The public URL where the user knows it. */
  readonly url: string | undefined;
  /** True for services that say the URL in a session; a plain server gets none. */
  readonly isService: boolean;
}

/** Services that need no account, by their names. */
const services: Readonly<Record<string, Omit<SshAddress, "isService" | "url">>> = {
  "localhost.run": { user: "nokey", host: "localhost.run", port: undefined, remotePort: 80 },
  "serveo.net": { user: undefined, host: "serveo.net", port: undefined, remotePort: 80 },
  "a.pinggy.io": { user: undefined, host: "a.pinggy.io", port: 443, remotePort: 0 },
};

const shortNames: Readonly<Record<string, string>> = {
  "localhost.run": "localhost.run",
  serveo: "serveo.net",
  "serveo.net": "serveo.net",
  pinggy: "a.pinggy.io",
  "pinggy.io": "a.pinggy.io",
};

/** Names that `--tunnel` takes for services over ssh. */
export const sshServiceNames: readonly string[] = ["localhost.run", "serveo", "pinggy"];

/** True for what `parseSshAddress` understands. */
export function isSshAddress(text: string): boolean {
  return text.startsWith("ssh://") || shortNames[text] !== undefined;
}

/** Reads `ssh://user@host:22?port=8080&url=https://demo.example`, or the name of a service. */
export function parseSshAddress(text: string): SshAddress {
  const named = services[shortNames[text] ?? ""];
  if (named !== undefined) return { ...named, url: undefined, isService: true };
  if (!URL.canParse(text) || !text.startsWith("ssh://")) throw wrong(text);
  const address = new URL(text);
  const user = decodeURIComponent(address.username) || undefined;
  // Neither may start with a dash: the client would take it for an option.
  if (!/^[\w[][\w.:\]-]*$/.test(address.hostname) || !/^(\w[\w.-]*)?$/.test(user ?? "")) {
    throw wrong(text);
  }
  if (address.password !== "") {
    throw new ColabCodeError("USAGE", "An ssh address must not hold a password.", {
      hint: "Use a key: ssh-copy-id USER@HOST.",
    });
  }
  const remotePort = Number(address.searchParams.get("port") ?? 0);
  const url = address.searchParams.get("url") ?? undefined;
  if (!Number.isInteger(remotePort) || remotePort < 0 || remotePort > 65535) throw wrong(text);
  if (url !== undefined && !/^https?:\/\//.test(url)) throw wrong(text);
  const known = services[address.hostname];
  return {
    user: user ?? known?.user,
    host: address.hostname,
    port: address.port === "" ? known?.port : Number(address.port),
    remotePort: known?.remotePort ?? remotePort,
    url,
    isService: known !== undefined,
  };
}

function wrong(text: string): ColabCodeError {
  return new ColabCodeError("USAGE", `${JSON.stringify(text)} is not an ssh address.`, {
    hint: "Give ssh://USER@HOST, and where needed :PORT and ?port=8080&url=https://demo.example.",
  });
}
