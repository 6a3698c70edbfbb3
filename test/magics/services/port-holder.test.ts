import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { test } from "node:test";
import {
  findPortHolder,
  parseLsof,
  portInUse,
  shortCommand,
} from "../../../magics/services/port-holder.ts";

const program = `
  const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
  });
  process.stdin.resume().on("end", () => process.exit());
`;

test("findPortHolder() names the process that listens", async () => {
  const child = spawn(process.execPath, ["-e", program, "hunter2"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const port = Number(chunk);
    assert.deepEqual(await findPortHolder(port), {
      pid: child.pid,
      command: "node",
      user: userInfo().username,
    });
    const error = await portInUse(port);
    assert.equal(error.code, "PORT_IN_USE");
    assert.equal(error.message, `Port ${port} is held by node (pid ${child.pid}).`);
    assert.equal(error.hint, "Choose another with --port, or --port 0 for a free one.");
  } finally {
    child.kill("SIGKILL");
    await once(child, "close");
  }
});

test("findPortHolder() gives undefined for a port that nobody holds", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  assert.equal((await findPortHolder(address.port))?.pid, process.pid);
  assert.equal(
    (await portInUse(address.port)).message,
    `Port ${address.port} is held by this process (pid ${process.pid}).`,
  );
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await findPortHolder(address.port), undefined);
});

test("shortCommand() leaves arguments out, since they may hold secrets", () => {
  const rows: [string[], string | undefined][] = [
    [["/usr/bin/node", "/app/server.js", "--token=abc"], "node server.js"],
    [["/usr/bin/node", "--token=abc", "server.js"], "node"],
    [["python3", "-m", "http.server"], "python3"],
    [["nginx: master process /usr/sbin/nginx"], "nginx"],
    [[], undefined],
  ];
  for (const [words, expected] of rows) assert.equal(shortCommand(words), expected);
});

test("parseLsof() reads pid, command and user", () => {
  assert.deepEqual(parseLsof("p812\ncnode\nLana\nf23\n"), {
    pid: 812,
    command: "node",
    user: "ana",
  });
  assert.equal(parseLsof(""), undefined);
});
