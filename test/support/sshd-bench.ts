import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../magics/services/find-program.ts";
import { sshProvider } from "../../magics/tunnels/ssh.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";
import { type TunnelBench, until } from "../contracts/tunnel-bench.ts";

/** The real server's file; undefined where openssh-server is not installed. */
export const sshdFile = findProgram("sshd", { path: `${process.env.PATH}:/usr/sbin` });

export interface SshdBench extends TunnelBench {
  readonly folder: string;
  readonly address: string;
  readonly environment: Record<string, string>;
}

const addressVariable = "COLABCODE_TEST_SSH_ADDRESS";

export function makeProvider(address = process.env[addressVariable] ?? ""): TunnelProvider {
  return sshProvider(address, { openMs: 8_000, retryMs: 100, attempts: 3 });
}

/** A real sshd on loopback with keys of its own, and a client configuration that trusts it. */
export async function startSshdBench(lines: readonly string[] = []): Promise<SshdBench> {
  if (sshdFile === undefined) throw new Error("openssh-server is not installed");
  const folder = await mkdtemp(join(tmpdir(), "colabcode-sshd-"));
  for (const name of ["host", "client"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
  }
  const port = await freePort();
  const hostKey = (await readFile(join(folder, "host.pub"), "utf8")).trim();
  await writeFile(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${hostKey}\n`);
  await writeFile(
    join(folder, "ssh_config"),
    `Host *\n  IdentityFile ${join(folder, "client")}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${join(folder, "known_hosts")}\n  GlobalKnownHostsFile /dev/null\n`,
  );
  await writeFile(
    join(folder, "sshd_config"),
    [
      ...lines,
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${join(folder, "host")}`,
      `AuthorizedKeysFile ${join(folder, "client.pub")}`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "GatewayPorts clientspecified",
      "MaxSessions 100",
    ].join("\n"),
  );
  // As root the server wants this folder, which its service would make.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const server = spawn(sshdFile, ["-D", "-e", "-f", join(folder, "sshd_config")], {
    stdio: "ignore",
  });
  await until("sshd listens", () => connects(port));
  const address = `ssh://${userInfo().username}@127.0.0.1:${port}`;
  process.env[addressVariable] = address;
  const environment = {
    COLABCODE_SSH_CONFIG: join(folder, "ssh_config"),
    PATH: process.env.PATH ?? "",
  };
  return {
    folder,
    address,
    environment,
    provider: makeProvider(address),
    module: new URL(import.meta.url),
    request: (local) => ({
      port: local,
      token: undefined,
      domain: undefined,
      auth: undefined,
      environment,
    }),
    async [Symbol.asyncDispose]() {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill("SIGKILL");
        await once(server, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
