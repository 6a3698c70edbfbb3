import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import type { Scope } from "../sessions/scope.ts";
import { download } from "./download.ts";
import type { ReadTableOptions } from "./read-table.ts";

/** A file on this machine and what to call it before people. */
export interface LocalSource {
  readonly path: string;
  readonly name: string;
}

/** The file that `source` (a path, `~/…`, a file or http(s) URL) names; a download goes with `scope`. */
export async function localSource(
  source: string,
  options: ReadTableOptions,
  scope: Scope,
): Promise<LocalSource> {
  if (/^https?:\/\//i.test(source)) return download(source, options, scope);
  const path = localPath(source);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw await noSuchFile(path);
  if (!found.isFile()) {
    throw new ColabCodeError("NO_SUCH_FILE", `${path} is not a file.`, {
      hint: "Give the path of one CSV, JSON or Parquet file.",
    });
  }
  if (found.size === 0) {
    throw new ColabCodeError("BAD_TABLE", `${basename(path)} is empty.`, {
      hint: "A table needs a header and at least one row.",
    });
  }
  return { path, name: basename(path) };
}

function localPath(source: string): string {
  if (source.startsWith("file:")) return fileURLToPath(source);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) {
    throw new ColabCodeError("NO_SUCH_FILE", `${source} is of a kind that cannot be read.`, {
      hint: "Give a path or an http(s) URL.",
    });
  }
  return resolve(source.replace(/^~(?=$|[\\/])/, homedir()));
}

async function noSuchFile(path: string): Promise<ColabCodeError> {
  const beside = await readdir(dirname(path)).catch(() => undefined);
  const near = nearest(basename(path), beside ?? []);
  return new ColabCodeError("NO_SUCH_FILE", `There is no file ${path}.`, {
    hint:
      beside === undefined
        ? `There is no folder ${dirname(path)} either; the working folder is ${process.cwd()}.`
        : near.length > 0
          ? `Did you mean ${near.join(" or ")}?`
          : `The working folder is ${process.cwd()}.`,
  });
}
