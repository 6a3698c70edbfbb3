import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "../../../magics/install/installation.ts";
import { environmentPython, pythonEnvironment } from "../../../magics/install/python.ts";
import { repositoryRoot } from "../../support/repository-root.ts";
import { benchData } from "./data.ts";

const folder = join(repositoryRoot, "test/bench/train");

/** Times in ms of one tree after the other, the first in a fresh process. */
export interface Peer {
  fit(who: "scikit-learn" | "lightgbm", size: Size): number[];
}

export interface Size {
  readonly file: string;
  readonly rows: number;
  readonly depth: string;
  readonly times: number;
}

/** The peers in a Python environment of their own under the cache, made where it is missing. */
export async function installPeers(): Promise<Peer> {
  const requirements = join(folder, "requirements.txt");
  const text = readFileSync(requirements, "utf8");
  const version = createHash("sha256").update(text).digest("hex");
  const environment = pythonEnvironment(
    { name: "bench-train-env", title: "scikit-learn and LightGBM", version },
    ["-r", requirements],
  );
  const onProgress = (line: string) => console.error(line);
  const signal = new AbortController().signal;
  const python = environmentPython(await ensureInstalled(environment, { signal, onProgress }));
  return {
    fit: (who, { file, rows, depth, times }) => {
      const words = [join(folder, "peers.py"), who, file, String(rows), depth, String(times)];
      return JSON.parse(execFileSync(python, words, { encoding: "utf8" }));
    },
  };
}

/** Writes the columns and the labels as doubles, one after the other. */
export function writeColumns(path: string, rows: number): void {
  const { columns, labels } = benchData(rows);
  const all = [...columns, Float64Array.from(labels)];
  writeFileSync(path, Buffer.concat(all.map((column) => new Uint8Array(column.buffer))));
}
