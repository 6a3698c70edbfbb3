import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type ReadTableOptions, readTable } from "../../../magics/data/read-table.ts";

const flights = fileURLToPath(
  new URL("../../../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url),
);
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "colab code ü "));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function rows(name: string, content: string | Uint8Array, options?: ReadTableOptions) {
  return [...(await readTable(await file(name, content), options))];
}

const twoRows = [
  { a: 1, "b é": "x" },
  { a: 4.5, "b é": "é" },
];

test("readTable() reads the same rows whatever the separator, encoding or packing", async () => {
  const text = "a;b é\n1;x\n4.5;é\n";
  assert.deepEqual(await rows("semicolon.csv", text), twoRows);
  assert.deepEqual(await rows("comma.csv", text.replaceAll(";", ",")), twoRows);
  assert.deepEqual(await rows("tab.tsv", text.replaceAll(";", "\t")), twoRows);
  assert.deepEqual(await rows("bar.csv", text.replaceAll(";", "|"), { delimiter: "|" }), twoRows);
  assert.deepEqual(await rows("crlf.csv", text.replaceAll("\n", "\r\n")), twoRows);
  assert.deepEqual(await rows("mark.csv", `\ufeff${text}`), twoRows);
  assert.deepEqual(await rows("latin.csv", Buffer.from(text, "latin1")), twoRows);
  assert.deepEqual(await rows("utf16.csv", Buffer.from(`\ufeff${text}`, "utf16le")), twoRows);
  const bigEndian = Buffer.from(`\ufeff${text}`, "utf16le").swap16();
  assert.deepEqual(await rows("utf16be.csv", bigEndian), twoRows);
  assert.deepEqual(await rows("packed.csv.gz", gzipSync(text)), twoRows);
  assert.deepEqual(await rows("list.json", JSON.stringify(twoRows)), twoRows);
  const lines = twoRows.map((row) => JSON.stringify(row)).join("\n");
  assert.deepEqual(await rows("lines.jsonl", lines), twoRows);
  assert.deepEqual(await rows("lines.jsonl.gz", gzipSync(lines)), twoRows);
});

test("readTable() keeps separators, quotes and line ends inside quotes", async () => {
  const text = 'id,text\n1,"a, ""b""\nnext line"\n2,c\n';
  assert.deepEqual(await rows("quoted.csv", text), [
    { id: 1, text: 'a, "b"\nnext line' },
    { id: 2, text: "c" },
  ]);
});

test("readTable() gives every column its type and counts what is missing", async () => {
  const path = await file(
    "types.csv",
    "n,text,flag,day,time\n1,x,true,2020-01-31,2020-01-31 10:00:00\nNA,,false,,\n-2.5,y,,2021-02-01,2021-02-01 00:30:00\n",
  );
  const table = await readTable(path);
  assert.deepEqual(
    table.list.map(({ kind }) => kind),
    ["number", "category", "boolean", "date", "date"],
  );
  assert.deepEqual(
    table.list.map(({ missing }) => missing),
    [1, 1, 1, 1, 1],
  );
  assert.deepEqual(table.row(0), {
    n: 1,
    text: "x",
    flag: true,
    day: "2020-01-31",
    time: "2020-01-31T10:00:00.000Z",
  });
  assert.deepEqual(table.row(1), { n: null, text: null, flag: false, day: null, time: null });
});

test("readTable() counts rows that do not fit and names their lines", async () => {
  const table = await readTable(
    await file("bad.csv", `a,b,c\n1,2,3\n4,5\n7,8,9,10\n${"1,2,3\n".repeat(30)}`),
  );
  assert.equal(table.rowCount, 31);
  assert.equal(table.rejects.count, 2);
  assert.deepEqual(
    table.rejects.rows.map(({ line }) => line),
    [3, 4],
  );
});

test("readTable() leaves out a lone word among numbers, and takes many words for text", async () => {
  const lone = await readTable(await file("lone.csv", `a,b\n${"1,2\n".repeat(30_000)}oops,3\n`));
  assert.equal(lone.column("a").kind, "number");
  assert.deepEqual(
    lone.rejects.rows.map(({ line }) => line),
    [30_002],
  );
  assert.match(lone.rejects.rows[0]?.reason ?? "", /"a".*"oops"/);
  const many = await readTable(
    await file("many.csv", `a,b\n${"1,2\n".repeat(30_000)}${"oops,3\n".repeat(900)}`),
  );
  assert.equal(many.column("a").kind, "category");
  assert.equal(many.rejects.count, 0);
});

test("readTable() reads numbers with decimal commas between semicolons", async () => {
  assert.deepEqual(await rows("german.csv", "a;b\n1,5;x\n2,25;y\n"), [
    { a: 1.5, b: "x" },
    { a: 2.25, b: "y" },
  ]);
});

test("readTable() names columns by number where the first line is data", async () => {
  assert.deepEqual(await rows("nohead.csv", "1,2\n4,5\n"), [
    { column1: 1, column2: 2 },
    { column1: 4, column2: 5 },
  ]);
});

test("readTable() takes ~, file URLs and Parquet", async () => {
  const path = await file("one.csv", "a\n1\n");
  assert.equal((await readTable(pathToFileURL(path).href)).rowCount, 1);
  const table = await readTable(flights);
  assert.equal(table.rowCount, 3_000_000);
  assert.deepEqual(table.columnNames, ["date", "delay", "distance", "origin", "destination"]);
});

const refused: [name: string, content: string | Uint8Array, message: RegExp][] = [
  ["empty.csv", "", /empty\.csv is empty/],
  ["blank.csv", "\n\n", /blank\.csv is empty/],
  ["header.csv", "a,b\n", /has a header and no rows/],
  ["twice.csv", "a,b,a\n1,2,3\n", /two columns named "a"/],
  ["page.csv", "<!DOCTYPE html><html></html>", /is a web page/],
  ["book.xlsx", "PK\u0003\u0004rest", /Excel or zip/],
  ["noise.csv", Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 7), /binary/],
  ["numbers.json", "[1,2,3]", /no list of objects/],
  ["broken.json", '[{"a":1},{"a":', /cannot be read as a table/],
];
for (const [name, content, message] of refused) {
  test(`readTable() refuses ${name} with BAD_TABLE and a hint`, async () => {
    await assert.rejects(
      readTable(await file(name, content)),
      (error: { code?: string; message: string; hint?: string }) => {
        assert.equal(error.code, "BAD_TABLE");
        assert.match(error.message, message);
        assert.ok(error.hint);
        return true;
      },
    );
  });
}

test("readTable() names the nearest file and column", async () => {
  await file("electricity.csv", "tempo\n1\n");
  await assert.rejects(readTable(join(folder, "electrisity.csv")), {
    code: "NO_SUCH_FILE",
    hint: "Did you mean electricity.csv?",
  });
  const table = await readTable(join(folder, "electricity.csv"));
  assert.throws(() => table.column("tenpo"), {
    code: "NO_SUCH_COLUMN",
    hint: 'Did you mean "tempo"?',
  });
});

test("readTable() reads a URL with progress, says 404, and leaves no file behind", async () => {
  const server = createServer((request, response) => {
    const isThere = request.url === "/data/my%20table.csv";
    response.writeHead(isThere ? 200 : 404, { "content-length": isThere ? 8 : 0 });
    response.end(isThere ? "a,b\n1,2\n" : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const root = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const ours = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith(`colabcode-data-${process.pid}-`));
  try {
    const steps: string[] = [];
    const table = await readTable(`${root}/data/my%20table.csv`, {
      onProgress: (text, share) => steps.push(`${text} ${share}`),
    });
    assert.deepEqual([...table], [{ a: 1, b: 2 }]);
    assert.equal(table.source, "my table.csv");
    assert.ok(steps.includes("fetching my table.csv, 0.0 MB 1"), steps.join("; "));
    await assert.rejects(readTable(`${root}/none.csv`), {
      code: "NO_SUCH_FILE",
      message: `${root}/none.csv answered 404 Not Found.`,
    });
    await assert.rejects(readTable(`${root}/data/my%20table.csv`, { maxBytes: 4 }), {
      code: "BAD_TABLE",
    });
    assert.deepEqual(await ours(), []);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  await assert.rejects(readTable(`${root}/data/my%20table.csv`), { code: "NO_SUCH_FILE" });
});

test("readTable() says what is wrong with a damaged archive and an unknown encoding", async () => {
  const packed = gzipSync("a,b\n1,2\n".repeat(2000));
  await assert.rejects(readTable(await file("half.csv.gz", packed.subarray(0, 40))), {
    code: "BAD_TABLE",
    message: "half.csv.gz cannot be unpacked: unexpected end of file.",
  });
  await assert.rejects(readTable(await file("any.csv", "a\n1\n"), { encoding: "utf-9" }), {
    code: "USAGE",
    message: 'There is no encoding "utf-9".',
  });
});

test("readTable() gives up a server that is silent or ends too early", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/silent.csv") return;
    response.writeHead(200, { "content-length": 100 });
    response.write("a,b\n1,2\n", () => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const root = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  try {
    await assert.rejects(readTable(`${root}/silent.csv`, { timeoutMs: 300 }), {
      code: "NO_SUCH_FILE",
      message: `${root}/silent.csv cannot be read: it took too long.`,
    });
    await assert.rejects(readTable(`${root}/early.csv`), { code: "NO_SUCH_FILE" });
    const stop = new AbortController();
    const reading = readTable(`${root}/silent.csv`, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await assert.rejects(reading, /enough/);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test("readTable() rejects with the signal's reason when it is aborted", async () => {
  const stop = new AbortController();
  const reading = readTable(flights, {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  });
  await assert.rejects(reading, /enough/);
});
