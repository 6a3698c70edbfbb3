import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jupyterProvider } from "../../magics/tunnels/jupyter.ts";
import type { TunnelProvider } from "../../magics/tunnels/tunnel.ts";
import { type TunnelBench, until } from "../contracts/tunnel-bench.ts";
import { testEnvironmentBin } from "./test-environment.ts";

/** Python with a Jupyter server and jupyter-server-proxy; undefined where the tests have none. */
export const jupyterPython = [join(testEnvironmentBin, "python")].find(existsSync);

export interface JupyterBench extends TunnelBench {
  readonly token: string;
  readonly environment: Record<string, string>;
}

export const makeProvider = (): TunnelProvider => jupyterProvider();

/** A real Jupyter server on loopback, and the environment that a kernel of it would have. */
export async function startJupyterBench({
  hasProxy = true,
  basePath = "/user/ana/",
}: {
  hasProxy?: boolean;
  basePath?: string;
} = {}): Promise<JupyterBench> {
  if (jupyterPython === undefined) throw new Error("there is no Python with Jupyter");
  const folder = await mkdtemp(join(tmpdir(), "colabcode-jupyter-"));
  const token = randomBytes(16).toString("hex");
  const server = spawn(
    jupyterPython,
    [
      "-m",
      "jupyter_server",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      "--port=0",
      `--ServerApp.base_url=${basePath}`,
      `--ServerApp.root_dir=${folder}`,
      `--ServerApp.jpserver_extensions=jupyter_server_proxy=${hasProxy ? "True" : "False"}`,
      // The pages of a notebook take seconds to load and are not what is tested.
      ...["jupyterlab", "notebook", "jupyter_lsp", "notebook_shim"].map(
        (name) => `--ServerApp.jpserver_extensions=${name}=False`,
      ),
    ],
    {
      stdio: "ignore",
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        JUPYTER_TOKEN: token,
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      },
    },
  );
  const environment = {
    JPY_PARENT_PID: String(server.pid),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    HOME: folder,
  };
  await until(
    "the server wrote its file",
    async () => {
      const names = await readdir(environment.JUPYTER_RUNTIME_DIR).catch((): string[] => []);
      return names.includes(`jpserver-${server.pid}.json`);
    },
    30_000,
  );
  return {
    token,
    environment,
    provider: makeProvider(),
    module: new URL(import.meta.url),
    request: (port) => ({
      port,
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
