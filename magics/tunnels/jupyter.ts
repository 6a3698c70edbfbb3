import { ColabCodeError } from "../errors.ts";
import type { End } from "../services/service.ts";
import { interrupted, pause } from "./deadline.ts";
import { findJupyterServer, type JupyterServer } from "./jupyter-server.ts";
import { refuseAccessRules } from "./refuse-access-rules.ts";
import type { TunnelProvider } from "./tunnel.ts";

/**
 * The link under `/proxy/PORT/` of the notebook's own server, for people who can already log in
 * there. Nothing new is made public, and there is nothing to close but the service behind it.
 */
export function jupyterProvider(): TunnelProvider {
  return {
    name: "jupyter",
    // On one's own machine the local link is the better one.
    isAvailable: (environment) =>
      environment.JUPYTERHUB_SERVICE_PREFIX !== undefined &&
      environment.JPY_PARENT_PID !== undefined,
    async open(request, signal) {
      refuseAccessRules(request, "a Jupyter server");
      const { environment, port } = request;
      const server = await findJupyterServer(environment);
      if (signal.aborted) throw interrupted();
      if (server === undefined) {
        throw new ColabCodeError(
          "TUNNEL_FAILED",
          "This notebook was not started by a Jupyter server.",
          { hint: "Use the local link, or another --tunnel." },
        );
      }
      await requireProxy(server, signal);
      let resolveEnded: (end: End) => void = () => {};
      const ended = new Promise<End>((resolve) => {
        resolveEnded = resolve;
      });
      return {
        provider: "jupyter",
        url: `${server.url}/proxy/${port}`,
        pagePath: `${server.basePath}/proxy/${port}/`,
        probeHeaders: authorization(server),
        onState() {},
        ended,
        pids: [],
        async [Symbol.asyncDispose]() {
          resolveEnded({ asked: true, reason: "the tunnel was closed" });
        },
      };
    },
  };
}

/** The extension answers on a page of its own; a server without it says 404. */
async function requireProxy(server: JupyterServer, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const headers = authorization(server);
  try {
    const response = await askPatiently(`${server.url}/server-proxy/servers-info`, {
      headers,
      signal: limit,
    });
    if (response.status === 200) return;
    throw new ColabCodeError(
      "TUNNEL_FAILED",
      response.status === 404
        ? "The notebook's server has no jupyter-server-proxy."
        : `The notebook's server answered ${response.status} when asked for jupyter-server-proxy.`,
      { hint: "Install it beside the server: pip install jupyter-server-proxy, then restart it." },
    );
  } catch (error) {
    if (signal.aborted) throw interrupted();
    if (error instanceof ColabCodeError) throw error;
    throw new ColabCodeError(
      "TUNNEL_FAILED",
      `The notebook's server at ${server.url} does not answer.`,
      {
        hint: "Use the local link, or another --tunnel.",
        cause: error,
      },
    );
  }
}

/** A server that has only just written its file may still refuse; asked again for 3 s. */
async function askPatiently(url: string, options: RequestInit): Promise<Response> {
  const until = Date.now() + 3_000;
  for (;;) {
    try {
      const response = await fetch(url, options);
      await response.arrayBuffer();
      return response;
    } catch (error) {
      if (options.signal?.aborted === true || Date.now() > until) throw error;
      await pause(200, options.signal ?? undefined);
    }
  }
}

function authorization({ token }: JupyterServer): Record<string, string> {
  return token === "" ? {} : { authorization: `token ${token}` };
}
