import { isUtf8 } from "node:buffer";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ColabCodeError } from "../errors.ts";
import type { Scope } from "../sessions/scope.ts";
import { temporaryFolder } from "./download.ts";
import type { ReadTableOptions } from "./read-table.ts";
import type { LocalSource } from "./source.ts";

export interface SourceFile {
  readonly path: string;
  readonly format: "csv" | "json" | "parquet";
}

/** The source unpacked and as UTF-8, and its format by what it holds; temporary files go with `scope`. */
export async function prepareFile(
  source: LocalSource,
  options: ReadTableOptions,
  scope: Scope,
): Promise<SourceFile> {
  let { path } = source;
  let start = await firstBytes(path);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    options.onProgress?.(`unpacking ${source.name}`);
    path = await rewrite(path, { through: createGunzip(), as: "unpacked" }, options, scope).catch(
      (cause: unknown) => {
        options.signal?.throwIfAborted();
        throw brokenGzip(source.name, cause);
      },
    );
    start = await firstBytes(path);
  }
  if (start.subarray(0, 4).toString("latin1") === "PAR1") return { path, format: "parquet" };
  const encoding = options.encoding ?? (await encodingOf(path, start));
  if (encoding !== "utf-8") {
    path = await rewrite(path, { through: decoder(encoding), as: "text" }, options, scope);
    start = await firstBytes(path);
  }
  const text = start
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  refuseOthers(source.name, text, start);
  return { path, format: text.startsWith("{") || text.startsWith("[") ? "json" : "csv" };
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function encodingOf(path: string, start: Buffer): Promise<string> {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  // Text in UTF-16 without a mark: every other byte of plain letters is zero.
  const zeros = start.subarray(0, 200).filter((byte) => byte === 0).length;
  if (zeros * 3 > Math.min(start.length, 200) && start[0] !== 0 && start[1] === 0)
    return "utf-16le";
  if (zeros * 3 > Math.min(start.length, 200) && start[0] === 0 && start[1] !== 0)
    return "utf-16be";
  return (await isFileUtf8(path)) ? "utf-8" : "windows-1252";
}

async function isFileUtf8(path: string): Promise<boolean> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]); // Without an encoding chunks are buffers.
    let end = bytes.length;
    // A character may go on in the next chunk: keep back what starts near the end.
    while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
    if (end > 0 && (bytes[end - 1] ?? 0) >= 0xc0) end--;
    else end = bytes.length;
    if (!isUtf8(bytes.subarray(0, end))) return false;
    rest = bytes.subarray(end);
  }
  return isUtf8(rest);
}

function brokenGzip(name: string, cause: unknown): ColabCodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ColabCodeError("BAD_TABLE", `${name} cannot be unpacked: ${reason}.`, {
    hint: "The file is damaged or not whole; get it again.",
    cause,
  });
}

function textDecoder(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new ColabCodeError("USAGE", `There is no encoding "${encoding}".`, {
      hint: 'Give a name such as "utf-8", "windows-1252" or "shift_jis".',
      cause,
    });
  }
}

function decoder(encoding: string): Transform {
  const text = textDecoder(encoding);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, text.decode(chunk, { stream: true }));
    },
    flush(done) {
      done(null, text.decode());
    },
  });
}

async function rewrite(
  path: string,
  { through, as }: { through: NodeJS.ReadWriteStream; as: string },
  options: ReadTableOptions,
  scope: Scope,
): Promise<string> {
  const target = join(await temporaryFolder(scope), as);
  const { signal } = options;
  await pipeline(createReadStream(path), through, createWriteStream(target), { signal });
  return target;
}

function refuseOthers(name: string, text: string, start: Buffer): void {
  const hint = "CSV, TSV, JSON, JSON lines and Parquet are understood, each also gzipped.";
  const refuse = (what: string, way = hint) => {
    throw new ColabCodeError("BAD_TABLE", `${name} is ${what}, not a table.`, { hint: way });
  };
  if (text === "") refuse("empty");
  if (/^<(!doctype|html|\?xml|head|body)/i.test(text)) {
    refuse("a web page", "On GitHub take the address of the raw file.");
  }
  if (text.startsWith("PK\u0003\u0004")) {
    refuse("an Excel or zip file", "Save the sheet as CSV, or unpack the archive.");
  }
  if (start.includes(0)) refuse("binary");
}
