import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runNotebook } from "../../kernel/client/notebook-runner.ts";
import { textOf } from "../support/cell-outputs.ts";
import { writeMusicTable } from "../support/music-table.ts";
import { isPortFree } from "../support/process-facts.ts";
import { repositoryRoot } from "../support/repository-root.ts";

test("music.ipynb trains, serves, calls its API and stops", async () => {
  const folder = mkdtempSync(join(tmpdir(), "colabcode müsic "));
  try {
    const table = join(folder, "tracks of today.csv");
    await writeMusicTable(table);
    const texts: string[] = [];
    const result = await runNotebook(join(repositoryRoot, "notebooks", "music.ipynb"), {
      environment: { ...process.env, MUSIC_CSV: table },
      onOutput: (output) => {
        texts.push(textOf([output]));
      },
    });
    const text = texts.join("\n");
    assert.equal(result.status, "ok", text);
    const accuracy = /([\d.]+) % right/.exec(text)?.[1];
    assert.ok(Number(accuracy) > 80, text);
    assert.match(text, /http:\/\/127\.0\.0\.1:8000\//);
    assert.match(text, /Hip-Hop +[01](?:\.\d+)?$/m);
    assert.match(text, /Stopped app-8000/);
    assert.equal(await isPortFree(8000), true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
