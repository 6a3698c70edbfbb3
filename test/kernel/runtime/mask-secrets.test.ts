import assert from "node:assert/strict";
import { test } from "node:test";
import { maskSecrets } from "../../../kernel/runtime/mask-secrets.ts";

const rows: [line: string, masked: string][] = [
  ["%serve --auth ann:pw --port 1", "%serve --auth •••••• --port 1"],
  ['  %serve --password="a b" x', "  %serve --password=••••• x"],
  ["const s = %serve --api-key=k1", "const s = %serve --api-key=••"],
  ["%%serve --token --port 1", "%%serve --token --port 1"],
  ['const a = 7 % b; "--token abc"', 'const a = 7 % b; "--token abc"'],
];

for (const [line, masked] of rows) {
  test(`maskSecrets() of ${line}`, () => assert.equal(maskSecrets(line), masked));
}
