import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createLanguage } from "../../../kernel/language/tslab-language.ts";
import { repositoryRoot } from "../../support/repository-root.ts";

test("a top-level await whose type has to be named by its path compiles", () => {
  const language = createLanguage({ folder: join(repositoryRoot, "notebooks") });
  try {
    const first = language.convert(
      'import { createApp } from "colabcode";\nconst app = createApp({ title: "x", version: "1" });',
    );
    assert.equal(first.kind, "compiled");
    if (first.kind === "compiled") language.commit(first.declarations);
    const second = language.convert(
      `import { ColabCode } from "colabcode";
const server = await new ColabCode({ port: 0 }).runApp(
  (request: import("node:http").IncomingMessage) => request.url,
);`,
    );
    assert.deepEqual(second.kind === "failed" ? second.diagnostics : [], []);
    if (second.kind === "compiled")
      assert.match(second.declarations, /const server: .*RunningServer/);
  } finally {
    language.close();
  }
});
