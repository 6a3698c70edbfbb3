import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { networkUrl } from "../../magics/services/bind-host.ts";
import { fail, linkIn, run } from "../support/cell-outputs.ts";
import { freePort } from "../support/free-port.ts";
import { listenAddresses } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { useTestEnvironment } from "../support/test-environment.ts";

const folder = join(repositoryRoot, "notebooks");
const app = `const app = (request, response) => response.end("hello");\n`;
const train = "%colabcode train npm:vega-datasets/data/penguins.json --target Species\n";

before(() => useTestEnvironment());

for (const [kind, cell] of [
  ["an app of the notebook", `${app}%colabcode app`],
  ["a model", `${train}%colabcode app`],
  ["a model of several processes", `${train}%colabcode app --workers 2`],
  ["VS Code", "%colabcode code"],
  ["JupyterLab", "%colabcode lab"],
] as const) {
  test(`${kind} listens on loopback only, and everywhere where --host says so`, async () => {
    await using kernel = await startKernel({ folder });
    const port = await freePort();
    const line = `${cell} --port ${port} --name one`;
    await run(kernel, line, { cellId: "serve" });
    assert.deepEqual(listenAddresses(port), ["127.0.0.1"]);
    const text = await run(kernel, `${line} --host 0.0.0.0`, { cellId: "serve" });
    assert.deepEqual(listenAddresses(port), ["0.0.0.0"]);
    const network = networkUrl("0.0.0.0", port);
    if (network !== undefined) {
      assert.match(text, /for everybody on this network/);
      assert.equal(linkIn(text).origin, network);
      assert.ok((await fetch(network, { redirect: "manual" })).status < 400);
    }
    assert.ok((await fetch(`http://127.0.0.1:${port}`, { redirect: "manual" })).status < 400);
    await run(kernel, line, { cellId: "serve" });
    assert.deepEqual(listenAddresses(port), ["127.0.0.1"]);
  });
}

test("--host takes this machine or everybody, and names both otherwise", async () => {
  await using kernel = await startKernel({ folder });
  const { text } = await fail(kernel, `${app}%colabcode app --port 0 --host 192.0.2.1`);
  assert.match(text, /--host 192\.0\.2\.1 is not something to listen at/);
  assert.match(text, /0\.0\.0\.0 for everybody/);
});
