import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { jupyterProvider } from "../../../magics/tunnels/jupyter.ts";
import { proveUrl } from "../../../magics/tunnels/prove.ts";
import { startLocalService } from "../../contracts/tunnel-bench.ts";
import { tunnelContract } from "../../contracts/tunnel-contract.ts";
import {
  type JupyterBench,
  jupyterPython,
  startJupyterBench,
} from "../../support/jupyter-bench.ts";

const never = new AbortController().signal;
const skip = jupyterPython === undefined ? "the Python environment of the tests is missing" : false;

describe("jupyter without a server", { timeout: 120_000 }, () => {
  it("says that no server started the notebook", async () => {
    const request = { port: 9, token: undefined, domain: undefined, auth: undefined };
    await assert.rejects(jupyterProvider().open({ ...request, environment: {} }, never), {
      code: "TUNNEL_FAILED",
      message: "This notebook was not started by a Jupyter server.",
    });
  });

  it("auto takes it on a hub only", () => {
    const { isAvailable } = jupyterProvider();
    assert.equal(isAvailable({ JPY_PARENT_PID: "1" }, undefined), false);
    const hub = { JPY_PARENT_PID: "1", JUPYTERHUB_SERVICE_PREFIX: "/user/ana/" };
    assert.equal(isAvailable(hub, undefined), true);
  });
});

describe("jupyter with a real server", { skip, timeout: 120_000 }, () => {
  let shared: JupyterBench;
  before(async () => {
    shared = await startJupyterBench();
  });
  after(() => shared[Symbol.asyncDispose]());

  // One server for all: it takes seconds to start, and a tunnel leaves nothing in it.
  tunnelContract(
    "jupyter",
    async () => ({
      provider: shared.provider,
      module: shared.module,
      request: shared.request,
      async [Symbol.asyncDispose]() {},
    }),
    { closedUrlIsDead: "the path belongs to the server; it ends with the service behind it" },
  );

  it("gives a path for links in the page, and only its users get through", async () => {
    await using service = await startLocalService();
    await using tunnel = await shared.provider.open(shared.request(service.port), never);
    assert.equal(tunnel.pagePath, `/user/ana/proxy/${service.port}/`);
    const headers = tunnel.probeHeaders ?? {};
    await proveUrl(tunnel.url, { path: "/", marker: "hello", headers });
    const stranger = await fetch(`${tunnel.url}/`, { redirect: "manual" });
    assert.ok([302, 403].includes(stranger.status), String(stranger.status));
    assert.ok(!JSON.stringify([tunnel.url, tunnel.pagePath]).includes(shared.token));
  });

  it("names the missing extension", async () => {
    await using bare = await startJupyterBench({ hasProxy: false, basePath: "/" });
    await assert.rejects(bare.provider.open(bare.request(9), never), {
      code: "TUNNEL_FAILED",
      message: "The notebook's server has no jupyter-server-proxy.",
      hint: /pip install jupyter-server-proxy/,
    });
  });
});
