import { findForeignUrl, lastWords } from "./command-tunnel.ts";
import { helperEnvironment } from "./helper-environment.ts";
import { openProgramTunnel, type ProgramTimes, programTimes } from "./program-tunnel.ts";
import { refuseAccessRules } from "./refuse-access-rules.ts";
import { parseSshAddress, type SshAddress } from "./ssh-address.ts";
import type { TunnelProvider, TunnelRequest } from "./tunnel.ts";

/**
 * A remote forward of OpenSSH's client to the user's own server or a free service. Host keys are
 * checked and passwords never asked for: what a terminal can do by `ssh HOST true` works here.
 */
export function sshProvider(text: string, times: ProgramTimes = programTimes): TunnelProvider {
  const address = parseSshAddress(text);
  return {
    name: "ssh",
    isAvailable: () => true,
    async open(request, signal) {
      refuseAccessRules(request, "ssh");
      const { environment } = request;
      return openProgramTunnel(
        () => ({
          provider: "ssh",
          command: "ssh",
          args: sshArguments(address, request),
          environment: {
            ...helperEnvironment({ ...process.env, ...environment }),
            SSH_AUTH_SOCK: environment.SSH_AUTH_SOCK,
          },
          findUrl: (lines) => findUrl(lines, { address, request }),
          explain: (lines, reason) => explain(lines, { reason, address }),
        }),
        signal,
        times,
      );
    },
  };
}

function sshArguments(address: SshAddress, { port, environment }: TunnelRequest): string[] {
  const configuration = environment.COLABCODE_SSH_CONFIG || undefined;
  const options = {
    BatchMode: "yes",
    StrictHostKeyChecking: "yes",
    ExitOnForwardFailure: "yes",
    ConnectTimeout: "10",
    ServerAliveInterval: "5",
    ServerAliveCountMax: "2",
    // A client that leaves its work to a running master would outlive its tunnel there.
    ControlPath: "none",
  };
  return [
    ...(configuration === undefined ? [] : ["-F", configuration]),
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    "-T",
    // Only the debug level says that a forward with a chosen port is there.
    ...(address.isService ? [] : ["-N", "-v"]),
    ...(address.port === undefined ? [] : ["-p", String(address.port)]),
    "-R",
    `${address.isService ? "" : "*:"}${address.remotePort}:127.0.0.1:${port}`,
    "--",
    address.user === undefined ? address.host : `${address.user}@${address.host}`,
  ];
}

function findUrl(
  lines: readonly string[],
  { address, request }: { address: SshAddress; request: TunnelRequest },
): string | undefined {
  if (address.isService) return findForeignUrl(lines.filter(isNoAdvertisement), request.port);
  const remotePort =
    address.remotePort === 0
      ? /Allocated port (\d+) for remote forward/.exec(lines.join("\n"))?.[1]
      : /remote forward success for: listen \*?:?(\d+)/.exec(lines.join("\n"))?.[1];
  if (remotePort === undefined) return undefined;
  if (address.url !== undefined) return address.url;
  if (request.domain !== undefined) return `https://${request.domain}`;
  return `http://${address.host}:${remotePort}`;
}

/** Services greet with links to their own pages. */
function isNoAdvertisement(line: string): boolean {
  return !/\b(docs?|admin|dashboard|twitter|faq|upgrade|login|console)\b/i.test(line);
}

function explain(
  allLines: readonly string[],
  { reason, address }: { reason: string; address: SshAddress },
): { sentence: string; hint: string } {
  const lines = allLines.filter((line) => !/^(debug\d|OpenSSH_|Authenticated to)/.test(line));
  const said = lines.join("\n");
  const where = address.port === undefined ? address.host : `${address.host} port ${address.port}`;
  const destination = address.user === undefined ? address.host : `${address.user}@${address.host}`;
  const terminal = `ssh ${address.port === undefined ? "" : `-p ${address.port} `}${destination}`;
  if (/IDENTIFICATION HAS CHANGED/.test(said)) {
    return {
      sentence: `${where} shows another host key than before: it may be somebody else.`,
      hint: "Ask who runs it; if the change is right: ssh-keygen -R HOST, then connect once.",
    };
  }
  if (/Host key verification failed|host key is known/.test(said)) {
    return {
      sentence: `The host key of ${where} is not known yet.`,
      hint: `Connect once in a terminal and check the key: ${terminal}`,
    };
  }
  if (/Permission denied/.test(said)) {
    return {
      sentence: `${where} does not let this user in without a password.`,
      hint: `Make a key known to it: ssh-copy-id ${destination}`,
    };
  }
  if (/remote port forwarding failed|administratively prohibited/.test(said)) {
    return {
      sentence: `${where} refuses to forward a port${address.remotePort === 0 ? "" : ` (${address.remotePort})`}.`,
      hint: "Its sshd needs AllowTcpForwarding yes, and GatewayPorts clientspecified to be public.",
    };
  }
  if (/Could not resolve|Connection refused|timed out|No route|unreachable/.test(said)) {
    return {
      sentence: `${where} cannot be reached by ssh. ${lastWords(lines)}`,
      hint: `Try it in a terminal: ${terminal}`,
    };
  }
  return {
    sentence: `ssh to ${where} ${reason}. ${lastWords(lines)}`,
    hint: `Try it in a terminal: ${terminal}`,
  };
}
