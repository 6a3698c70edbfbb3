import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answerForSessions, listAllSessions } from "../../../magics/sessions/session-socket.ts";
import { Sessions } from "../../../magics/sessions/sessions.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** A process that listens at a socket, from when it does. */
async function listenAt(path: string) {
  const code = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

test("a process that has sessions removes the sockets of killed ones, and no others", async () => {
  await using temporary = await temporaryFolder();
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary.path;
  await using sessions = new Sessions();
  try {
    // Makes the folder.
    assert.deepEqual(await listAllSessions(), []);
    const folder = join(temporary.path, readdirSync(temporary.path)[0] ?? "");
    const killed = await listenAt(join(folder, "1111.sock"));
    const alive = await listenAt(join(folder, "2222.sock"));
    try {
      killed.kill("SIGKILL");
      await once(killed, "exit");
      assert.ok(existsSync(join(folder, "1111.sock")));
      answerForSessions(sessions);
      await waitUntil("no abandoned socket", () => !existsSync(join(folder, "1111.sock")));
      assert.deepEqual(readdirSync(folder).sort(), [`${process.pid}.sock`, "2222.sock"].sort());
    } finally {
      alive.kill("SIGKILL");
      await once(alive, "exit");
    }
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
});
