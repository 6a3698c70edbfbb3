import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTool } from "../install/tool.ts";
import { claimPort } from "./free-port.ts";
import { findJupyterLab, type JupyterLabProgram } from "./jupyterlab-program.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { makeSecret } from "./secret.ts";
import type { RunningService, Service, StartContext } from "./service.ts";
import { serviceEnvironment } from "./service-environment.ts";
import { startWebProgram } from "./web-program.ts";

export interface JupyterLabOptions {
  /** Else `JUPYTER_TOKEN` of the environment, else a random one. */
  readonly token?: string | undefined;
  /** The folder whose files are shown; the current one where left out. */
  readonly folder?: string | undefined;
}

/** JupyterLab with the TypeScript kernel in it: the one on PATH, else one installed into the cache. */
export function jupyterLabService(options: JupyterLabOptions = {}): Service {
  return { kind: "jupyterlab", start: (port, context) => start(options, port, context) };
}

async function start(
  options: JupyterLabOptions,
  wantedPort: number,
  context: StartContext,
): Promise<RunningService> {
  const port = await claimPort(wantedPort, context.host);
  const program = await findJupyterLab(context);
  context.onProgress("starting JupyterLab");
  return withScratchFolder("lab", (scratch) =>
    startIn(scratch, { program, options, port }, context),
  );
}

interface Prepared {
  readonly program: JupyterLabProgram;
  readonly options: JupyterLabOptions;
  readonly port: number;
}

async function startIn(
  scratch: string,
  { program, options, port }: Prepared,
  context: StartContext,
): Promise<RunningService> {
  const own = options.token ?? process.env["JUPYTER_TOKEN"] ?? "";
  const token = own === "" ? makeSecret() : own;
  const marker = makeSecret();
  const markerFile = `colabcode-${marker.slice(0, 8)}.txt`;
  await mkdir(join(scratch, "static"));
  await writeFile(join(scratch, "static", markerFile), marker);
  const kernels = await installKernelSpec(scratch, context);
  const folder = options.folder ?? process.cwd();
  return startWebProgram(
    {
      name: "JupyterLab",
      command: program.command,
      args: [
        ...program.args,
        ...serverArguments(port, { folder, static: join(scratch, "static"), host: context.host }),
      ],
      environment: serviceEnvironment({
        JUPYTER_TOKEN: token,
        // Its own, so that `jupyter server list` and `stop` of the user's other servers stay theirs.
        JUPYTER_RUNTIME_DIR: join(scratch, "runtime"),
        JUPYTER_PATH: joinPaths(kernels, process.env["JUPYTER_PATH"]),
      }),
      folder,
      temporaryFolders: [scratch],
      secrets: [token],
      port,
      ready: { path: "/api/status", headers: { authorization: `token ${token}` } },
      listening: /is running at/,
      graceMs: 2000,
      timeoutMs: 120_000,
    },
    {
      probePath: `/static/${markerFile}`,
      marker,
      summary: `JupyterLab · ${folder}`,
      links: [{ label: "JupyterLab", path: "/lab" }],
      runsCode: true,
      isProtected: true,
      secret: own === "" ? { label: "token", value: token } : undefined,
    },
    context,
  );
}

function serverArguments(
  port: number,
  where: { readonly folder: string; readonly static: string; readonly host: string | undefined },
): string[] {
  return [
    "--no-browser",
    `--ServerApp.ip=${where.host ?? "127.0.0.1"}`,
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${where.folder}`,
    `--ServerApp.extra_static_paths=${where.static}`,
    // The name a tunnel will give it is not known yet. Every page still asks for the token.
    "--ServerApp.allow_remote_access=True",
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

/** A folder for JUPYTER_PATH with our kernel in it; undefined where this package has no kernel built. */
async function installKernelSpec(
  scratch: string,
  context: StartContext,
): Promise<string | undefined> {
  const kernel = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
  if (!existsSync(kernel)) return undefined;
  await runTool({
    task: "Writing the kernelspec",
    command: process.execPath,
    args: [kernel, "install", "--prefix", scratch],
    signal: context.signal,
  });
  return join(scratch, "share", "jupyter");
}

function joinPaths(...paths: readonly (string | undefined)[]): string | undefined {
  const known = paths.filter((path) => path !== undefined && path !== "");
  return known.length === 0 ? undefined : known.join(delimiter);
}
