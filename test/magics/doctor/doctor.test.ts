import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checks, type Diagnosis, diagnose } from "../../../magics/doctor/checks.ts";
import { diagnosisTable } from "../../../magics/doctor/diagnosis-table.ts";
import { portCheck } from "../../../magics/doctor/port-check.ts";
import { CommandLine } from "../../support/command-line.ts";
import { ingressToken, startIngress } from "../../support/ngrok-ingress.ts";

const context = { signal: new AbortController().signal, environment: {} };
let folder = "";
let emptyHome: NodeJS.ProcessEnv = {};

before(() => {
  folder = mkdtempSync(join(tmpdir(), "colabcode-doctor-"));
  emptyHome = { HOME: folder, COLABCODE_CACHE: join(folder, "cache") };
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function findings(environment: NodeJS.ProcessEnv): Promise<Map<string, Diagnosis>> {
  const { out } = await new CommandLine(folder, environment).run("doctor", "--json");
  const found = JSON.parse(out) as Diagnosis[];
  return new Map(found.map((finding) => [finding.name, finding]));
}

test("colabcode doctor opens the link that a start would open, and shows no token", async () => {
  await using ingress = await startIngress();
  const terminal = new CommandLine(folder, { ...emptyHome, ...ingress.environment });
  const { out } = await terminal.run("doctor");
  assert.match(out, /● ok {7}kernel and zeromq {2}1\+1 answered [\d.]+ s after its start/);
  assert.match(out, /● ok {7}token {14}ngrok's, from NGROK_AUTHTOKEN/);
  assert.match(out, /● ok {7}tunnel {13}ngrok: a request through http\S+ came/);
  assert.match(out, /○ missing {2}code-server {8}code-server is not installed\./);
  assert.ok(!out.includes(ingressToken));
  assert.equal(ingress.tunnels().length, 0);
  assert.equal(ingress.counts.binds, 1);
});

test("colabcode doctor says what to do about a wrong token, and exits 1", async () => {
  await using ingress = await startIngress({ tokens: ["another_token_than_the_one_given"] });
  const found = await findings({
    ...emptyHome,
    ...ingress.environment,
    NGROK_AUTHTOKEN: ingressToken,
  });
  assert.equal(found.get("tunnel")?.state, "bad");
  assert.match(found.get("tunnel")?.text ?? "", /token/);
  assert.ok(!JSON.stringify([...found]).includes(ingressToken));
});

test("diagnose() names the place by its environment", async () => {
  const [place] = checks;
  const found = await place?.run({ ...context, environment: { COLAB_RELEASE_TAG: "release-1" } });
  assert.match(found?.text ?? "", /^Google Colab/);
});

test("diagnose() ends at once when it is aborted", async () => {
  const signal = AbortSignal.abort(new Error("interrupted"));
  await assert.rejects(diagnose({ ...context, signal }), /interrupted/);
});

test("portCheck() names who holds the port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await assert.rejects(portCheck(port).run(context), /held by this process/);
  server.close();
});

test("diagnosisTable() lines up, with what to do below its row", () => {
  const table = diagnosisTable([
    { name: "Node", state: "ok", text: "Node 20" },
    {
      name: "port 8000",
      state: "bad",
      text: "Port 8000 is held by <node>.",
      hint: "Use --port 0.",
    },
  ]);
  assert.equal(
    table["text/plain"],
    [
      "● ok       Node       Node 20",
      "✕ bad      port 8000  Port 8000 is held by <node>.",
      "                      Use --port 0.",
    ].join("\n"),
  );
  assert.doesNotMatch(String(table["text/html"]), /<node>/);
});
