import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../install/tool.ts";
import type { BindHost } from "./bind-host.ts";
import { type CodeServerProgram, findCodeServer } from "./code-server-program.ts";
import { claimPort } from "./free-port.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { makeSecret } from "./secret.ts";
import type { RunningService, Service, StartContext } from "./service.ts";
import { serviceEnvironment } from "./service-environment.ts";
import { startWebProgram } from "./web-program.ts";

export interface CodeServerOptions {
  /** Else `PASSWORD` or `HASHED_PASSWORD` of the environment, else a random one. */
  readonly password?: string | undefined;
  /** The folder that opens; the current one where left out. */
  readonly folder?: string | undefined;
  /** Installed first, by id; one that cannot be had is a warning. */
  readonly extensions?: readonly string[] | undefined;
  /** Where settings and extensions are kept; the user's own place where left out. */
  readonly dataFolder?: string | undefined;
}

/** The extensions for notebooks in Python and TypeScript, tables and icons. */
export const notebookExtensions = [
  "ms-python.python",
  "ms-toolsai.jupyter",
  "mechatroner.rainbow-csv",
  "vscode-icons-team.vscode-icons",
] as const;

/** VS Code in the browser: the code-server on PATH, else one installed into the cache. */
export function codeServerService(options: CodeServerOptions = {}): Service {
  return { kind: "code-server", start: (port, context) => start(options, port, context) };
}

async function start(
  options: CodeServerOptions,
  wantedPort: number,
  context: StartContext,
): Promise<RunningService> {
  const port = await claimPort(wantedPort, context.host);
  const program = await findCodeServer(context);
  const warnings = await installExtensions(program, options, context);
  context.onProgress("starting code-server");
  const service = await withScratchFolder("code", (scratch) =>
    startIn(scratch, { program, options, port }, context),
  );
  return { ...service, log: () => [...warnings, ...service.log()] };
}

async function startIn(
  scratch: string,
  { program, options, port }: Prepared,
  context: StartContext,
): Promise<RunningService> {
  const credentials = findCredentials(options);
  const marker = `session ${makeSecret().slice(0, 8)}`;
  const hasMarker = program.hasFlag("welcome-text");
  // The user's own configuration file could hold another password, which would win.
  const config = join(scratch, "config.yaml");
  await writeFile(config, "auth: password\n");
  const folder = options.folder ?? process.cwd();
  return startWebProgram(
    {
      name: "code-server",
      command: program.command,
      args: [
        ...program.args,
        ...[
          "--bind-addr",
          bindAddress(context.host, port),
          "--auth",
          "password",
          "--config",
          config,
        ],
        ...["--disable-telemetry", "--disable-update-check"],
        ...supported(program, "disable-workspace-trust"),
        ...supported(program, "session-socket", join(scratch, "session.sock")),
        ...supported(program, "cookie-suffix", String(port)),
        ...supported(program, "welcome-text", `code-server · ${marker}`),
        ...dataArguments(options),
        folder,
      ],
      environment: serviceEnvironment(credentials.environment),
      folder,
      temporaryFolders: [scratch],
      secrets: credentials.secrets,
      port,
      ready: { path: "/healthz" },
      listening: /server listening on/i,
      graceMs: 2000,
    },
    {
      probePath: hasMarker ? "/login" : "/healthz",
      marker: hasMarker ? marker : undefined,
      summary: `VS Code (code-server) · ${folder}`,
      links: [{ label: "VS Code", path: "/" }],
      runsCode: true,
      isProtected: true,
      secret: credentials.made,
    },
    context,
  );
}

function bindAddress(host: BindHost = "127.0.0.1", port: number): string {
  return host === "::" ? `[::]:${port}` : `${host}:${port}`;
}

interface Prepared {
  readonly program: CodeServerProgram;
  readonly options: CodeServerOptions;
  readonly port: number;
}

function supported(program: CodeServerProgram, flag: string, value?: string): string[] {
  if (!program.hasFlag(flag)) return [];
  return value === undefined ? [`--${flag}`] : [`--${flag}`, value];
}

function dataArguments({ dataFolder }: CodeServerOptions): string[] {
  if (dataFolder === undefined) return [];
  const extensions = join(dataFolder, "extensions");
  return ["--user-data-dir", dataFolder, "--extensions-dir", extensions];
}

interface Credentials {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly made: RunningService["secret"];
}

function findCredentials(options: CodeServerOptions): Credentials {
  const given = options.password;
  const hashed = process.env["HASHED_PASSWORD"] ?? "";
  if (given === undefined && hashed !== "") {
    return { environment: { HASHED_PASSWORD: hashed }, secrets: [hashed], made: undefined };
  }
  const own = given ?? process.env["PASSWORD"] ?? "";
  const password = own === "" ? makeSecret() : own;
  const made = own === "" ? { label: "password", value: password } : undefined;
  return { environment: { PASSWORD: password }, secrets: [password], made };
}

/** Gives one warning for each extension that could not be had. */
async function installExtensions(
  program: CodeServerProgram,
  options: CodeServerOptions,
  context: StartContext,
): Promise<string[]> {
  const warnings: string[] = [];
  const extensions = options.extensions ?? [];
  for (const [index, extension] of extensions.entries()) {
    context.onProgress(
      `installing extension ${extension} (${index + 1} of ${extensions.length})`,
      index / extensions.length,
    );
    const timeout = AbortSignal.timeout(60_000);
    try {
      await runTool({
        task: `Installing the extension ${extension}`,
        command: program.command,
        args: [...program.args, "--install-extension", extension, ...dataArguments(options)],
        environment: serviceEnvironment({}),
        signal: AbortSignal.any([context.signal, timeout]),
      });
    } catch {
      context.signal.throwIfAborted();
      const warning = `The extension ${extension} could not be installed.`;
      warnings.push(warning);
      context.onProgress(warning);
    }
  }
  return warnings;
}
