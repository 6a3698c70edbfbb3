import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import { linkIn, run, textOf } from "../support/cell-outputs.ts";
import { freePort } from "../support/free-port.ts";
import { type Ingress, startIngress } from "../support/ngrok-ingress.ts";
import { commandOf, descendants, isPortFree, isRunning } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { waitUntil } from "../support/wait-until.ts";

const penguins = join(repositoryRoot, "node_modules/vega-datasets/data/penguins.json");
const moments = { runtime: "kernel/runtime/main", service: "model-app", agent: "ngrok-agent" };
let folder = "";

before(() => {
  // Whatever a kernel starts works in this folder, which finds also those that lost their parent.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "colabcode-killed-")));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function processesInFolder(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && folderOf(entry) === folder)
    .map(Number)
    .filter(isRunning);
}

function folderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // It ended meanwhile, or is somebody else's.
  }
}

/** A kernel with a model in it, ready to serve it behind a tunnel. */
async function startWithModel(ingress: Ingress): Promise<KernelClient> {
  const environment = { ...process.env, ...ingress.environment };
  const kernel = await startKernel({ folder, environment });
  try {
    await run(kernel, `%colabcode train ${penguins} --target Species`);
    return kernel;
  } catch (error) {
    await kernel.shutdown();
    throw error;
  }
}

/** Starts an app and kills `victim` the moment that the process of `moment` is there. */
async function killDuringStart(
  kernel: KernelClient,
  { victim, moment }: { victim: "kernel" | keyof typeof moments; moment: keyof typeof moments },
) {
  const port = await freePort();
  const cell = kernel.execute(`%colabcode app --port ${port}`, { cellId: "serve" }).then(
    ({ reply, outputs }) => ({ status: reply.status, text: textOf(outputs) }),
    (error: Error) => ({ status: "rejected", text: error.message }),
  );
  await waitUntil(`the ${moment}`, () => processOf(kernel, moment));
  const target = victim === "kernel" ? kernel.pid : processOf(kernel, victim);
  const known = processesInFolder();
  const unknown = descendants(kernel.pid).filter((pid) => isRunning(pid) && !known.includes(pid));
  assert.deepEqual(unknown.map(commandOf), [], "all of them work in the folder");
  assert.ok(target, `there is a ${victim} to kill`);
  process.kill(target, "SIGKILL");
  return { port, cell };
}

function processOf(kernel: KernelClient, part: keyof typeof moments): number | undefined {
  return descendants(kernel.pid).find((pid) => commandOf(pid).includes(moments[part]));
}

/** Nothing is left within 3 s, but for the processes that stay by right. */
async function assertNothingLeft(ingress: Ingress, port: number, staying: readonly number[]) {
  await waitUntil(
    "the end of all processes, the port and the tunnel",
    async () => {
      const left = processesInFolder().filter((pid) => !staying.includes(pid));
      return left.length === 0 && ingress.tunnels().length === 0 && (await isPortFree(port));
    },
    3_000,
  ).catch((error: Error) => {
    const left = processesInFolder().filter((pid) => !staying.includes(pid));
    assert.fail(`${error.message}: ${left.map(commandOf)}, ${ingress.tunnels().length} tunnels`);
  });
}

for (const moment of ["service", "agent"] as const) {
  test(`a kernel that is killed as soon as the ${moment} appears leaves nothing`, async () => {
    await using ingress = await startIngress();
    await using kernel = await startWithModel(ingress);
    const { port, cell } = await killDuringStart(kernel, { victim: "kernel", moment });
    await assertNothingLeft(ingress, port, []);
    const { status, text } = await cell;
    assert.equal(status, "rejected");
    assert.match(text, /The kernel is gone: it was ended by SIGKILL/);
  });

  test(`a runtime that is killed as soon as the ${moment} appears leaves nothing`, async () => {
    await using ingress = await startIngress();
    await using kernel = await startWithModel(ingress);
    const staying = [kernel.pid, ...descendants(kernel.pid)];
    const { port, cell } = await killDuringStart(kernel, { victim: "runtime", moment });
    const { status, text } = await cell;
    assert.equal(status, "error");
    assert.match(text, /SIGKILL/);
    const fresh = Number(await run(kernel, "process.pid"));
    await assertNothingLeft(ingress, port, [...staying, fresh]);
  });
}

test("a service that is killed as it starts fails its cell, which says why, and leaves nothing", async () => {
  await using ingress = await startIngress();
  await using kernel = await startWithModel(ingress);
  const staying = processesInFolder();
  const faults = { victim: "service", moment: "service" } as const;
  const { port, cell } = await killDuringStart(kernel, faults);
  const { status, text } = await cell;
  assert.equal(status, "error", text);
  assert.match(text, /SIGKILL/);
  await assertNothingLeft(ingress, port, staying);
  const again = await run(kernel, `%colabcode app --port ${port}`, { cellId: "serve" });
  assert.equal((await fetch(new URL("/healthz", linkIn(again)))).status, 200);
});

test("an agent that is killed as it starts leaves the app up, and its cell says why or shares it", async () => {
  await using ingress = await startIngress();
  await using kernel = await startWithModel(ingress);
  const staying = processesInFolder();
  const { port, cell } = await killDuringStart(kernel, { victim: "agent", moment: "agent" });
  const { status, text } = await cell;
  assert.equal(status, "ok", text);
  assert.match(text, /agent's process (was ended by SIGKILL|ended by itself)|public link/);
  assert.equal((await fetch(new URL("/healthz", linkIn(text)))).status, 200);
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
  await run(kernel, "%colabcode stop --all");
  await assertNothingLeft(ingress, port, staying);
});
