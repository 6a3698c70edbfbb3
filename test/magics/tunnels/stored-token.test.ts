import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  readStoredToken,
  removeStoredToken,
  storedTokenFile,
  storeToken,
} from "../../../magics/tunnels/stored-token.ts";
import { findToken } from "../../../magics/tunnels/token.ts";

test("a stored token is found after the environment's, and only its user can read it", async () => {
  const home = mkdtempSync(join(tmpdir(), "colabcode-auth-"));
  try {
    const file = storedTokenFile({}, home);
    assert.equal(await readStoredToken(file), undefined);
    await mkdir(dirname(file), { recursive: true });
    writeFileSync(file, "left by somebody", { mode: 0o644 });
    await storeToken(file, "stored-token");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(await findToken({ environment: {}, home }), {
      token: "stored-token",
      source: file,
    });
    const environment = { NGROK_AUTHTOKEN: "given" };
    assert.equal((await findToken({ environment, home }))?.token, "given");
    await removeStoredToken(file);
    assert.equal(await findToken({ environment: {}, home }), undefined);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
