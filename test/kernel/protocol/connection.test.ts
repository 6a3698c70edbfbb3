import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  endpoint,
  formatConnection,
  parseConnection,
  readConnection,
} from "../../../kernel/protocol/connection.ts";

const fields = {
  shell_port: 1,
  control_port: 2,
  stdin_port: 3,
  iopub_port: 4,
  hb_port: 5,
  transport: "tcp",
  ip: "127.0.0.1",
  key: "k",
  signature_scheme: "hmac-sha256",
};

test("parseConnection() reads what jupyter_client writes", () => {
  assert.deepEqual(parseConnection({ ...fields, kernel_name: "colabcode" }, "file"), {
    transport: "tcp",
    ip: "127.0.0.1",
    key: "k",
    signatureScheme: "hmac-sha256",
    ports: { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 },
  });
});

test("formatConnection() writes the fields that parseConnection() reads", () => {
  assert.deepEqual(formatConnection(parseConnection(fields, "file")), fields);
});

for (const [name, wrong, message] of [
  ["a port that is text", { shell_port: "1" }, /file .*shell_port is "1"/],
  ["a port out of range", { hb_port: 70_000 }, /hb_port is 70000/],
  ["an unknown transport", { transport: "udp" }, /transport is "udp"/],
  ["a key that is a number", { key: 5 }, /key/],
] as const) {
  test(`parseConnection() names ${name}`, () => {
    assert.throws(() => parseConnection({ ...fields, ...wrong }, "file"), message);
  });
}

for (const [transport, ip, port, address] of [
  ["tcp", "127.0.0.1", 5555, "tcp://127.0.0.1:5555"],
  ["tcp", "127.0.0.1", 0, "tcp://127.0.0.1:*"],
  ["tcp", "::1", 5555, "tcp://[::1]:5555"],
  ["ipc", "/tmp/kernel-ipc", 3, "ipc:///tmp/kernel-ipc-3"],
] as const) {
  test(`endpoint() is ${address} for port ${port} of ${transport} at ${ip}`, () => {
    const connection = parseConnection({ ...fields, transport, ip, shell_port: port }, "file");
    assert.equal(endpoint(connection, "shell"), address);
  });
}

test("readConnection() names a file that is missing and one that is no JSON", async () => {
  const folder = await mkdtemp(join(tmpdir(), "connection-"));
  try {
    const path = join(folder, "kernel.json");
    await assert.rejects(readConnection(path), {
      code: "connection-file",
      message: /kernel\.json/,
    });
    await writeFile(path, "{");
    await assert.rejects(readConnection(path), {
      code: "connection-file",
      message: /kernel\.json/,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
