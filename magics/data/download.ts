import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ColabCodeError } from "../errors.ts";
import type { Scope } from "../sessions/scope.ts";
import type { ReadTableOptions } from "./read-table.ts";
import type { LocalSource } from "./source.ts";
import { speedOf } from "./speed.ts";

const defaultMaxBytes = 2e9;
const defaultTimeoutMs = 600_000;

/** Fetches a URL into a temporary file that goes with `scope`; rejects with NO_SUCH_FILE and the reason. */
export async function download(
  url: string,
  options: ReadTableOptions,
  scope: Scope,
): Promise<LocalSource> {
  const name = fileName(url);
  const deadline = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  options.onProgress?.(`fetching ${name}`);
  try {
    const response = await fetch(url, { signal, redirect: "follow" });
    if (!response.ok || response.body === null) throw await badAnswer(url, response);
    const folder = await temporaryFolder(scope);
    const path = join(folder, "download");
    await pipeline(
      Readable.fromWeb(response.body),
      counter(name, response, options),
      createWriteStream(path),
      { signal },
    );
    return { path, name };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ColabCodeError) throw error;
    throw new ColabCodeError(
      "NO_SUCH_FILE",
      `${url} cannot be read: ${reasonOf(error, deadline)}.`,
      {
        hint: "Check the address and the network, or download the file and give its path.",
        cause: error,
      },
    );
  }
}

/** A new folder under the system's temporary one; removed with `scope`. */
export async function temporaryFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `colabcode-data-${process.pid}-`));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function fileName(url: string): string {
  const { pathname, hostname } = new URL(url);
  const last = pathname.split("/").findLast((part) => part !== "");
  try {
    return last === undefined ? hostname : decodeURIComponent(last);
  } catch {
    return last ?? hostname; // A per cent sign that encodes nothing: shown as it is.
  }
}

async function badAnswer(url: string, response: Response): Promise<ColabCodeError> {
  await response.body?.cancel();
  const hint =
    response.status === 404
      ? "Check the address; on GitHub take the address of the raw file."
      : response.status === 401 || response.status === 403
        ? "The server wants a login; download the file and give its path."
        : "Try again later, or download the file and give its path.";
  const words = `${response.status} ${response.statusText}`.trim();
  return new ColabCodeError("NO_SUCH_FILE", `${url} answered ${words}.`, { hint });
}

function counter(name: string, response: Response, options: ReadTableOptions): Transform {
  const limit = options.maxBytes ?? defaultMaxBytes;
  const isPacked = response.headers.get("content-encoding") !== null;
  const total = isPacked ? 0 : Number(response.headers.get("content-length") ?? 0);
  const speed = speedOf("MB");
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) {
        const hint = "Download the file and give its path.";
        const message = `${name} is larger than ${Math.round(limit / 1e6)} MB.`;
        done(new ColabCodeError("BAD_TABLE", message, { hint }));
        return;
      }
      const megabytes = `${(bytes / 1e6).toFixed(1)} MB`;
      const share = total > 0 ? bytes / total : undefined;
      options.onProgress?.(`fetching ${name}, ${megabytes}`, share, speed(bytes / 1e6));
      done(null, chunk);
    },
  });
}

function reasonOf(error: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return "it took too long";
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return "the host's name is not known (no network?)";
  if (code === "ECONNREFUSED") return "nothing listens there";
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}
