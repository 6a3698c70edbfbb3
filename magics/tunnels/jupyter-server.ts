import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** The Jupyter server that started this notebook's kernel. */
export interface JupyterServer {
  /** `http://127.0.0.1:8888/user/ana`, without a slash at the end. */
  readonly url: string;
  /** `/user/ana`, or empty. */
  readonly basePath: string;
  readonly token: string;
}

/** Reads what the server wrote about itself; undefined where no server started us. */
export async function findJupyterServer(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<JupyterServer | undefined> {
  const pid = environment.JPY_PARENT_PID;
  if (pid === undefined || !/^\d+$/.test(pid)) return undefined;
  for (const folder of runtimeFolders(environment)) {
    for (const name of [`jpserver-${pid}.json`, `nbserver-${pid}.json`]) {
      const server = await readServer(join(folder, name), environment);
      if (server !== undefined) return server;
    }
  }
  return undefined;
}

async function readServer(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<JupyterServer | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined); // Most of the places are empty.
  if (text === undefined) return undefined;
  const { url, base_url, port, token } = JSON.parse(text) as Record<string, unknown>; // Checked below.
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const address = new URL(url);
  // A server that listens everywhere names the machine; from here loopback is sure to reach it.
  if (port !== undefined && address.protocol === "http:") address.hostname = "127.0.0.1";
  const basePath = (typeof base_url === "string" ? base_url : address.pathname).replace(/\/$/, "");
  const known = typeof token === "string" && token !== "" ? token : undefined;
  return {
    url: `${address.origin}${basePath}`,
    basePath,
    token: known ?? environment.JUPYTERHUB_API_TOKEN ?? environment.JUPYTER_TOKEN ?? "",
  };
}

function runtimeFolders(environment: Readonly<Record<string, string | undefined>>): string[] {
  const home = environment.HOME ?? homedir();
  const { JUPYTER_RUNTIME_DIR, JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = environment;
  return [
    JUPYTER_RUNTIME_DIR,
    JUPYTER_DATA_DIR && join(JUPYTER_DATA_DIR, "runtime"),
    join(XDG_DATA_HOME ?? join(home, ".local", "share"), "jupyter", "runtime"),
    join(home, "Library", "Jupyter", "runtime"),
    APPDATA && join(APPDATA, "jupyter", "runtime"),
  ].filter((folder): folder is string => Boolean(folder));
}
