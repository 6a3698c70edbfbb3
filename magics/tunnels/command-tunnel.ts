import { ColabCodeError } from "../errors.ts";
import { helperEnvironment } from "./helper-environment.ts";
import { openProgramTunnel, type ProgramTimes, programTimes } from "./program-tunnel.ts";
import { refuseAccessRules } from "./refuse-access-rules.ts";
import type { TunnelProvider } from "./tunnel.ts";

/**
 * The user's own program, `my-tunnel --port {port}`: runs in a shell, and the first URL that it
 * writes which is not the local one is the public one.
 */
export function commandProvider(
  command: string,
  times: ProgramTimes = programTimes,
): TunnelProvider {
  return {
    name: "command",
    isAvailable: () => true,
    async open(request, signal) {
      refuseAccessRules(request, "a command");
      if (!command.includes("{port}")) {
        throw new ColabCodeError("USAGE", "The tunnel command does not say where the port goes.", {
          hint: 'Write {port} for it: --tunnel-command "my-tunnel --port {port}".',
        });
      }
      const text = command.replaceAll("{port}", String(request.port));
      return openProgramTunnel(
        () => ({
          provider: "command",
          command: process.platform === "win32" ? "cmd.exe" : "sh",
          args: process.platform === "win32" ? ["/d", "/s", "/c", text] : ["-c", text],
          environment: helperEnvironment({ ...process.env, ...request.environment }),
          findUrl: (lines) => findForeignUrl(lines, request.port),
          explain: (lines, reason) => ({
            sentence: `The tunnel command gave no URL: it ${reason}. ${lastWords(lines)}`.trim(),
            hint: "Run it in a terminal to see more; it has to write the public URL.",
          }),
        }),
        signal,
        times,
      );
    },
  };
}

/** The first URL that does not lead to our own port; `https` is taken first within a line. */
export function findForeignUrl(lines: readonly string[], port: number): string | undefined {
  for (const line of lines) {
    const urls = (line.match(/https?:\/\/[^\s"'<>|,;)\]]+/g) ?? []).filter((url) => {
      const isLocal =
        URL.canParse(url) && ["localhost", "127.0.0.1", "0.0.0.0"].includes(new URL(url).hostname);
      return URL.canParse(url) && !(isLocal && new URL(url).port === String(port));
    });
    const url = urls.find((each) => each.startsWith("https:")) ?? urls[0];
    if (url !== undefined) return url;
  }
  return undefined;
}

/** What a program said at its end, for a sentence. */
export function lastWords(lines: readonly string[]): string {
  const said = lines.slice(-3).join(" / ");
  return said === "" ? "It wrote nothing." : `It wrote: ${said}`;
}
