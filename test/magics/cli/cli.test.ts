import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CommandLine } from "../../support/command-line.ts";
import { writeMusicTable } from "../../support/music-table.ts";
import { isPortFree } from "../../support/process-facts.ts";

let folder = "";

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "colabcode cli "));
  await writeMusicTable(join(folder, "tracks.csv"), 400);
  writeFileSync(
    join(folder, "app.mjs"),
    'export default (request, response) => response.end("hello from a file");\n',
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

const colabcode = (...words: string[]) => new CommandLine(folder).run(...words);
const serve = (...words: string[]) => new CommandLine(folder).serve(...words);

test("colabcode --help names every verb and fits 80 columns", async () => {
  const { code, out } = await colabcode("--help");
  assert.equal(code, 0);
  for (const verb of ["app", "code", "lab", "train", "status", "stop", "run", "install"]) {
    assert.match(out, new RegExp(`^ +${verb} `, "m"));
  }
  assert.deepEqual(
    out.split("\n").filter((line) => line.length > 80),
    [],
  );
});

test("colabcode names the nearest verb and option, with exit code 2", async () => {
  const verb = await colabcode("trian");
  assert.equal(verb.code, 2);
  assert.match(verb.err, /train/);
  const option = await colabcode("train", "tracks.csv", "--target", "genre_top", "--max-deph", "3");
  assert.equal(option.code, 2);
  assert.match(option.err, /--max-depth/);
});

test("colabcode train tells what went wrong in one sentence, with exit code 1", async () => {
  const { code, out, err } = await colabcode("train", "tracks.csv", "--target", "genre");
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /genre_top/);
  assert.doesNotMatch(err, /\n\s+at /);
});

test("colabcode train --json gives the evaluation, and saves a model that app serves", async () => {
  const trained = await colabcode(
    ..."train tracks.csv --target genre_top --save model.json --json".split(" "),
  );
  assert.equal(trained.code, 0, trained.err);
  const { schema, evaluation } = JSON.parse(trained.out);
  assert.deepEqual(schema.labels, ["Hip-Hop", "Rock"]);
  assert.equal(evaluation.trainRows + evaluation.testRows, 400);
  assert.ok(evaluation.accuracy > 0.7);

  const serving = await serve("app", "model.json", "--port", "0");
  const response = await fetch(`${serving.session.url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(schema.example),
  });
  assert.equal(response.status, 200);
  assert.match(JSON.stringify(await response.json()), /Hip-Hop|Rock/);
  serving.child.kill("SIGINT");
  assert.equal(await serving.exit(), 0);
  assert.equal(await isPortFree(serving.session.port), true);
});

test("colabcode status and stop see the sessions of other terminals", async () => {
  const serving = await serve("app", "app.mjs", "--port", "0", "--name", "mine");
  assert.equal(await (await fetch(serving.session.url)).text(), "hello from a file");
  const status = await colabcode("status", "--json");
  assert.deepEqual(
    JSON.parse(status.out).map(({ name }: { name: string }) => name),
    ["mine"],
  );
  assert.match((await colabcode("status")).out, /mine +live/);
  const wrong = await colabcode("stop", "yours");
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /Running: mine/);
  assert.deepEqual(await colabcode("stop", "mine"), { code: 0, out: "Stopped mine.\n", err: "" });
  assert.equal(await serving.exit(), 0);
  assert.equal(await isPortFree(serving.session.port), true);
});

test("colabcode app says that there is no such file", async () => {
  const { code, err } = await colabcode("app", "nothing.json");
  assert.equal(code, 1);
  assert.match(err, /There is no file .*nothing\.json/);
});
