import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serviceEnvironment } from "../services/service-environment.ts";
import type { Check } from "./check.ts";

/** Starts the kernel as a front end does, over zeromq, and has it add. */
export const checkKernel: Check = {
  name: "kernel and zeromq",
  async run({ signal }) {
    const folder = await mkdtemp(join(tmpdir(), "colabcode-doctor-"));
    const program = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
    const words = [program, "install", "--prefix", folder, "--check", "--json"];
    try {
      const options = { signal, timeout: 60_000, env: serviceEnvironment({}) };
      const { stdout } = await promisify(execFile)(process.execPath, words, options);
      const lastLine = stdout.trim().split("\n").at(-1) ?? "";
      const { check } = JSON.parse(lastLine) as { check: { durationMs: number } }; // Our own program's.
      return {
        state: "ok",
        text: `1+1 answered ${Number((check.durationMs / 1000).toPrecision(2))} s after its start`,
      };
    } catch (error) {
      const { stderr = "" } = error as { stderr?: string }; // execFile's errors carry it.
      return {
        state: "bad",
        text: stderr.trim() || String(error),
        hint: "Reinstall: npm install colabcode (zeromq brings its binary).",
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
