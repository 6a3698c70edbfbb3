import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../kernel/client/kernel-client.ts";
import type { Message } from "../../kernel/protocol/message.ts";
import { redact } from "../../magics/tunnels/redact.ts";
import { linkIn, run } from "../support/cell-outputs.ts";
import { CommandLine } from "../support/command-line.ts";
import { ingressToken, startIngress } from "../support/ngrok-ingress.ts";
import { commandOf, descendants, readProcess } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";
import { startKernel } from "../support/start-kernel.ts";
import { useTestEnvironment } from "../support/test-environment.ts";

const secrets = {
  token: ingressToken,
  auth: "ann:the-apps-own-password",
  apiKey: "the-apps-own-key",
  password: "the-editors-own-password",
  labToken: "the-labs-own-token",
  typed: "2typedTokenOfTheTests012345_7bOnlyForLoopback0123",
};
let folder = "";

before(() => {
  useTestEnvironment();
  folder = mkdtempSync(join(tmpdir(), "colabcode-secrets-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Names of the secrets that `text` shows, in the clear, in base64 or in a URL. */
function secretsIn(text: string): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => redact(text, [secret]) !== text)
    .map(([name]) => name);
}

/** All that a front end is told, but for the cells that the user wrote. */
function listen(kernel: KernelClient): Message[] {
  const messages: Message[] = [];
  kernel.onBroadcast((message) => {
    if (message.header.msg_type !== "execute_input") messages.push(message);
  });
  return messages;
}

test("no secret is in an output, an error, a log, a process list or a child's environment", async () => {
  await using ingress = await startIngress();
  await using kernel = await startKernel({
    folder: join(repositoryRoot, "notebooks"),
    environment: {
      ...process.env,
      ...ingress.environment,
      PASSWORD: secrets.password,
      JUPYTER_TOKEN: secrets.labToken,
      XDG_CONFIG_HOME: folder,
    },
  });
  const messages = listen(kernel);
  await run(kernel, "%colabcode train npm:vega-datasets/data/penguins.json --target Species");
  const link = linkIn(
    await run(
      kernel,
      `%colabcode app --port 0 --name api --auth ${secrets.auth} --api-key ${secrets.apiKey}`,
    ),
  );
  assert.equal((await fetch(link)).status, 401);
  await run(kernel, "%colabcode code --port 0 --name code");
  await run(kernel, "%colabcode lab --port 0 --name lab");
  assert.equal(ingress.tunnels().length, 3);

  // Things that go wrong with a secret in hand.
  ingress.rejected.bind = "ERR_NGROK_334";
  const wrong = `const app = () => {};\n%colabcode app --port 0 --name wrong --tunnel ngrok --auth ${secrets.auth}`;
  assert.equal((await kernel.execute(wrong)).reply.status, "error");
  const flag = `%colabcode app --port 0 --name flag --tunnel ngrok --authtoken ${secrets.typed}`;
  assert.equal((await kernel.execute(flag)).reply.status, "error");
  const broken = `throw new Error("while " + process.env.PATH.length)`;
  assert.equal((await kernel.execute(broken)).reply.status, "error");
  delete ingress.rejected.bind;
  await run(kernel, "%colabcode doctor");
  const status = await run(kernel, "%colabcode status");
  assert.equal(status.match(/ live /g)?.length, 5, status);

  assert.deepEqual(secretsIn(JSON.stringify(messages)), []);

  const runtime = descendants(kernel.pid).find((pid) =>
    commandOf(pid).includes("kernel/runtime/main"),
  );
  assert.ok(runtime !== undefined);
  const children = descendants(runtime);
  assert.ok(children.length >= 5, "model app, agent, guards and editors are processes");
  for (const pid of [kernel.pid, runtime, ...children]) {
    const { commandLine } = readProcess(pid);
    assert.deepEqual(secretsIn(commandLine), [], commandOf(pid));
  }
  for (const pid of children) {
    // An editor is told its own password or token by its own environment, and nothing else.
    const own = secretsIn(readProcess(pid).environment);
    const allowed = /code-server|jupyter/.test(commandOf(pid)) ? ["password", "labToken"] : [];
    const more = own.filter((name) => !allowed.includes(name));
    assert.deepEqual(more, [], commandOf(pid));
    assert.ok(own.length <= 1, `${commandOf(pid)} knows ${own}`);
  }
  await run(kernel, "%colabcode stop --all");
  assert.deepEqual(secretsIn(JSON.stringify(messages)), []);
});

test("no secret is in what a run of a notebook saves and says", async () => {
  await using ingress = await startIngress();
  const cells = [
    "%colabcode train npm:vega-datasets/data/penguins.json --target Species",
    `%colabcode app --port 0 --name api --auth ${secrets.auth} --api-key ${secrets.apiKey}`,
    "%colabcode lab --port 0 --name lab",
    "%colabcode status",
    `%colabcode app --port 0 --tunnel ngrok --auth ${secrets.auth} --domain taken.example`,
  ];
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "colabcode", display_name: "TypeScript (ColabCode)" } },
    cells: cells.map((source, index) => ({
      id: `cell-${index}`,
      ...{ cell_type: "code", metadata: {}, execution_count: null, outputs: [], source },
    })),
  };
  const work = mkdtempSync(join(repositoryRoot, "dist", "secrets-"));
  try {
    writeFileSync(join(work, "in.ipynb"), JSON.stringify(notebook));
    const terminal = new CommandLine(work, {
      ...ingress.environment,
      COLABCODE_TUNNEL: "auto",
      JUPYTER_TOKEN: secrets.labToken,
    });
    const { out, err } = await terminal.run("run", "in.ipynb", "--output", "out.ipynb");
    assert.deepEqual(secretsIn(out + err), []);
    const saved = JSON.parse(readFileSync(join(work, "out.ipynb"), "utf8"));
    const outputs = saved.cells.map((cell: { outputs: unknown }) => JSON.stringify(cell.outputs));
    assert.match(outputs[1], /public link/);
    assert.match(outputs[3], /lab +live/);
    assert.deepEqual(secretsIn(outputs.join("\n")), []);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

test("a token is asked for once, hidden, and only where a tunnel is asked for by name", async () => {
  await using ingress = await startIngress({ tokens: [secrets.typed] });
  await using kernel = await startKernel({
    folder: join(repositoryRoot, "notebooks"),
    environment: {
      ...process.env,
      ...ingress.environment,
      NGROK_AUTHTOKEN: undefined,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
    },
  });
  const messages = listen(kernel);
  const asked: [prompt: string, isPassword: boolean][] = [];
  const onInput = (prompt: string, isPassword: boolean) => {
    asked.push([prompt, isPassword]);
    return secrets.typed;
  };
  const app = `const app = (request, response) => response.end("hello");\n`;
  await run(kernel, `${app}%colabcode app --port 0 --name local`, { onInput });
  assert.deepEqual(asked, []);
  await run(kernel, `${app}%colabcode app --port 0 --name one --tunnel ngrok`, { onInput });
  await run(kernel, `${app}%colabcode app --port 0 --name two --tunnel ngrok`, { onInput });
  assert.equal(asked.length, 1);
  assert.match(asked[0]?.[0] ?? "", /^ngrok authtoken/);
  assert.equal(asked[0]?.[1], true);
  assert.equal(ingress.tunnels().length, 2);

  await run(kernel, "%colabcode auth", { onInput });
  const file = join(folder, "colabcode", "auth.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, "utf8"), new RegExp(secrets.typed));
  await run(kernel, "%colabcode auth --remove");
  assert.equal(statSync(file, { throwIfNoEntry: false }), undefined);
  assert.deepEqual(secretsIn(JSON.stringify(messages)), []);
});
