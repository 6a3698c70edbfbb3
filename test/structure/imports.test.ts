import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../support/repository-root.ts";

/** Imports and `require`s of every source file, by path from the repository's root. */
const imports = new Map<string, string[]>();
for (const room of ["kernel", "magics"]) {
  for (const entry of readdirSync(join(repositoryRoot, room), { recursive: true })) {
    const path = join(room, String(entry));
    if (!path.endsWith(".ts")) continue;
    const source = withoutComments(readFileSync(join(repositoryRoot, path), "utf8"));
    const pattern =
      /(?:^|\n)\s*(?:import|export)\b[^;"'`]*?from\s+["']([^"']+)["']|(?:\bimport|\brequire(?:\.resolve)?|createRequire\([^()]*\))\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g;
    imports.set(
      path,
      [...source.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? ""),
    );
  }
}

function withoutComments(source: string): string {
  return source.replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, "");
}

function target(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return relative(repositoryRoot, resolve(repositoryRoot, from, "..", specifier));
}

test("imports are found at all", () => {
  assert.ok(imports.size > 50);
  assert.ok(imports.get("magics/extension.ts")?.includes("./commands/app.ts"));
});

test("magics/ imports only kernel/extension.ts from the kernel", () => {
  for (const [path, specifiers] of imports) {
    if (!path.startsWith("magics/")) continue;
    const kernel = specifiers
      .map((name) => target(path, name))
      .filter((name) => name.startsWith("kernel/"));
    for (const name of kernel) assert.equal(name, "kernel/extension.ts", path);
  }
});

test("the kernel imports nothing from magics/", () => {
  for (const [path, specifiers] of imports) {
    if (!path.startsWith("kernel/")) continue;
    const found = specifiers
      .map((name) => target(path, name))
      .filter((name) => name.startsWith("magics/") || name === "colabcode");
    assert.deepEqual(found, [], path);
  }
});

const doors: Record<string, number> = {
  zeromq: 1,
  "@ngrok/ngrok": 1,
  express: 1,
  "ml-cart": 1,
  "@duckdb/node-api": 1,
  "swagger-ui-express": 1,
  // The converter belongs to the kernel process, the executor to the runtime process.
  tslab: 2,
};

for (const [library, most] of Object.entries(doors)) {
  test(`${library} has ${most === 1 ? "one door" : `${most} doors`}`, () => {
    const users = [...imports]
      .filter(([, specifiers]) =>
        specifiers.some(
          (name) =>
            name === library ||
            // A package.json is read for its version by anybody.
            (name.startsWith(`${library}/`) && !name.endsWith("/package.json")),
        ),
      )
      .map(([path]) => path);
    assert.ok(users.length <= most && users.length > 0, `${library}: ${users.join(", ")}`);
  });
}
