import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { createModelApp } from "../../../magics/app/model-app.ts";
import { type Serving, serve } from "./serve.ts";
import { createModel, penguinSchema, savedPenguins } from "./small-model.ts";

const good = '{"flipper":181,"bill":39.1,"island":"Torgersen"}';
const thrown: unknown[] = [];
let server: Serving;

before(async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()), {
    maxBodyBytes: 100_000,
    onError: (error) => thrown.push(error),
  });
  metrics[Symbol.dispose]();
  server = await serve(app);
});

after(async () => {
  await server[Symbol.asyncDispose]();
  assert.deepEqual(thrown, []);
});

interface Reply {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Writes bytes as they are and reads to the end of the connection. */
async function send(...parts: (string | Buffer)[]): Promise<Reply> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {}); // The server may close while we still write.
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  for (const part of parts) socket.write(part);
  await once(socket, "close");
  const [head = "", ...body] = text.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    headers: head.toLowerCase(),
    body: body.join("\r\n\r\n"),
  };
}

function post(body: string | Buffer, headers = "Content-Type: application/json"): Promise<Reply> {
  const bytes = Buffer.from(body);
  const extra = headers === "" ? "" : `${headers}\r\n`;
  return send(
    `POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${extra}Content-Length: ${bytes.length}\r\n\r\n`,
    bytes,
  );
}

interface Detail {
  readonly detail: readonly { type: string; loc: unknown; msg: string; input: unknown }[];
}

const wrongBodies: [name: string, body: string | Buffer, type: string, loc: unknown[]][] = [
  ["a numeric string", good.replace("181", '"181"'), "float_type", ["body", "flipper"]],
  ["a boolean for a number", good.replace("181", "true"), "float_type", ["body", "flipper"]],
  ["null for a number", good.replace("181", "null"), "float_type", ["body", "flipper"]],
  ["an array for a number", good.replace("181", "[181]"), "float_type", ["body", "flipper"]],
  ["1e999", good.replace("181", "1e999"), "finite_number", ["body", "flipper"]],
  ["-1e999", good.replace("181", "-1e999"), "finite_number", ["body", "flipper"]],
  ["NaN", good.replace("181", "NaN"), "json_invalid", ["body", 11]],
  ["Infinity", good.replace("181", "Infinity"), "json_invalid", ["body", 11]],
  ["a leading zero", good.replace("181", "0181"), "json_invalid", ["body", 11]],
  ["an unknown category", good.replace("Torgersen", "Mars"), "enum", ["body", "island"]],
  ["a category in another case", good.replace("Torgersen", "dream"), "enum", ["body", "island"]],
  ["a number for a category", good.replace('"Torgersen"', "2"), "enum", ["body", "island"]],
  ["a missing field", good.replace('"flipper":181,', ""), "missing", ["body", "flipper"]],
  ["an extra field", good.replace("{", '{"mass":1,'), "extra_forbidden", ["body", "mass"]],
  ["a repeated field", good.replace("{", '{"flipper":1,'), "duplicate_field", ["body", "flipper"]],
  [
    "a repeated field, written with an escape",
    good.replace("{", '{"fl\\u0069pper":1,'),
    "duplicate_field",
    ["body", "flipper"],
  ],
  ["__proto__", good.replace("{", '{"__proto__":{},'), "extra_forbidden", ["body", "__proto__"]],
  [
    "__proto__, written with an escape",
    good.replace("{", '{"\\u005f_proto__":{"flipper":1},'),
    "extra_forbidden",
    ["body", "__proto__"],
  ],
  [
    "constructor",
    good.replace("{", '{"constructor":1,'),
    "extra_forbidden",
    ["body", "constructor"],
  ],
  ["broken JSON", good.slice(0, -1), "json_invalid", ["body", good.length - 1]],
  ["text after the JSON", `${good}x`, "json_invalid", ["body", good.length]],
  ["single quotes", "{'flipper':1}", "json_invalid", ["body", 1]],
  ["a trailing comma", '{"flipper":1,}', "json_invalid", ["body", 13]],
  ["an empty body", "", "missing", ["body"]],
  ["null", "null", "dict_type", ["body"]],
  ["a number", "3", "dict_type", ["body"]],
  ["a string", '"row"', "dict_type", ["body"]],
  ["an empty object", "{}", "missing", ["body", "flipper"]],
  ["an empty batch", "[]", "too_short", ["body"]],
  ["a wrong row of a batch", `[${good},{"bill":1}]`, "missing", ["body", 1, "flipper"]],
  ["a batch of numbers", "[1]", "dict_type", ["body", 0]],
  ["50,000 levels", "[".repeat(50_000), "json_invalid", ["body"]],
  ["50,000 levels, closed", "[".repeat(25_000) + "]".repeat(25_000), "json_invalid", ["body"]],
  ["invalid UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), "json_invalid", ["body"]],
  [
    "a lone surrogate's bytes",
    Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    "json_invalid",
    ["body"],
  ],
  ["a zero byte", Buffer.from([0]), "json_invalid", ["body", 0]],
];

for (const [name, body, type, loc] of wrongBodies) {
  test(`POST /predict refuses ${name} with 422 ${type}`, async () => {
    const reply = await post(body);
    assert.equal(reply.status, 422, reply.body);
    const { detail } = JSON.parse(reply.body) as Detail;
    assert.equal(detail[0]?.type, type);
    assert.deepEqual(detail[0]?.loc, loc);
    for (const error of detail) {
      assert.ok(typeof error.msg === "string" && "input" in error);
    }
  });
}

test("POST /predict names every wrong field at once", async () => {
  const reply = await post('{"flipper":"long","island":"Mars","mass":1}');
  assert.deepEqual(JSON.parse(reply.body), {
    detail: [
      {
        type: "float_type",
        loc: ["body", "flipper"],
        msg: "Input should be a valid number",
        input: "long",
      },
      {
        type: "enum",
        loc: ["body", "island"],
        msg: "Input should be 'Biscoe', 'Dream', 'Torgersen'",
        input: "Mars",
        ctx: { expected: "'Biscoe', 'Dream', 'Torgersen'" },
      },
      {
        type: "extra_forbidden",
        loc: ["body", "mass"],
        msg: "Extra inputs are not permitted",
        input: 1,
      },
    ],
  });
});

test("POST /predict answers good input of every form with 200", async () => {
  assert.equal((await post(good)).body, '{"prediction":"Adelie","probability":0.97}');
  assert.equal((await post(`\ufeff${good}`)).status, 200);
  assert.equal((await post(good, "content-type: application/json; charset=UTF-8")).status, 200);
  const batch = await post(`[${good},{"flipper":210,"bill":null,"island":"Biscoe"}]`);
  assert.deepEqual(JSON.parse(batch.body), [
    { prediction: "Adelie", probability: 0.97 },
    { prediction: "Gentoo", probability: 0.95 },
  ]);
});

test("POST /predict refuses more than 10,000 rows", async () => {
  const reply = await post(`[${"1,".repeat(10_000)}1]`);
  assert.equal(reply.status, 422);
  assert.ok(reply.body.length < 20_000);
});

const wrongTypes: [headers: string, detail: string][] = [
  ["", "Content-Type must be application/json or text/csv, found none"],
  [
    "Content-Type: text/plain",
    'Content-Type must be application/json or text/csv, found "text/plain"',
  ],
  [
    "Content-Type: application/xml",
    'Content-Type must be application/json or text/csv, found "application/xml"',
  ],
  ["Content-Type: application/json; charset=utf-7", 'The charset must be utf-8, found "utf-7"'],
  ["Content-Type: application/json\r\nContent-Encoding: gzip", "Content-Encoding must be identity"],
];

for (const [headers, detail] of wrongTypes) {
  test(`POST /predict answers 415: ${detail}`, async () => {
    const reply = await post(good, headers);
    assert.equal(reply.status, 415);
    assert.deepEqual(JSON.parse(reply.body), { detail });
  });
}

test("a body that announces 100 MB gets its 413 before it is sent", async () => {
  const reply = await send(
    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{",
  );
  assert.equal(reply.status, 413);
  assert.deepEqual(JSON.parse(reply.body), { detail: "The body is larger than 100000 bytes" });
});

test("a body of unknown length gets its 413 as soon as it is too large", async () => {
  const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
  const reply = await send(
    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    chunk,
    chunk,
  );
  assert.equal(reply.status, 413);
});

test("a sender that waits for 100 Continue is refused without sending its body", async () => {
  const reply = await send(
    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100000000\r\n\r\n",
  );
  assert.equal(reply.status, 413);
});

test("a body that ends too soon is not answered and takes nothing down", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(
    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
  );
  socket.end();
  socket.resume();
  await once(socket, "close");
  assert.equal((await post(good)).status, 200);
});

test("a body that comes too slowly gets 408 and its connection is closed", async () => {
  const { app, metrics } = createModelApp(createModel(savedPenguins()));
  metrics[Symbol.dispose]();
  await using slow = await serve(app, { requestTimeoutMs: 200 });
  const socket = connect(slow.port, "127.0.0.1");
  socket.write(
    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
  );
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  await once(socket, "close");
  assert.match(text, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  assert.match(text, /\{"detail":"The request did not arrive in time"\}$/);
});

const otherRequests: [start: string, status: number, allow: string | undefined][] = [
  ["GET /predict", 405, "OPTIONS, POST"],
  ["HEAD /predict", 405, "OPTIONS, POST"],
  ["PUT /predict", 405, "OPTIONS, POST"],
  ["DELETE /healthz", 405, "GET, HEAD, OPTIONS"],
  ["GET /nowhere", 404, undefined],
  ["HEAD /nowhere", 404, undefined],
  ["GET /%E0%A4%A", 404, undefined],
  ["GET /docs/%2e%2e/%2e%2e/package.json", 404, undefined],
  ["GET /docs/../../package.json", 404, undefined],
  ["HEAD /healthz", 200, undefined],
  ["OPTIONS /predict", 200, "POST"],
  ["GET /healthz", 200, undefined],
  ["GET /readyz", 200, undefined],
  ["BREW /predict", 400, undefined],
];

for (const [start, status, allow] of otherRequests) {
  test(`${start} answers ${status}`, async () => {
    const reply = await send(`${start} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.equal(reply.status, status, reply.body);
    if (allow !== undefined) assert.match(reply.headers, new RegExp(`allow: ${allow}`, "i"));
    if (start.startsWith("HEAD")) assert.equal(reply.body, "");
    else if (status >= 400) assert.ok("detail" in (JSON.parse(reply.body) as object));
  });
}

test("what is not HTTP gets 400 in the form of all errors", async () => {
  const reply = await send("hello\r\n\r\n");
  assert.equal(reply.status, 400);
  assert.deepEqual(JSON.parse(reply.body), { detail: "Not valid HTTP" });
});

test("headers that are too large get 431", async () => {
  const reply = await send(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(40_000)}\r\n\r\n`);
  assert.equal(reply.status, 431);
});

const queries: [query: string, status: number][] = [
  ["?proba=1", 200],
  ["?proba=true&explain=1", 200],
  ["?proba=maybe", 422],
  ["?proba=1&proba=0", 422],
  ["?__proto__=1", 200],
  ["?unknown=1", 200],
];

for (const [query, status] of queries) {
  test(`POST /predict${query} answers ${status}`, async () => {
    const reply = await fetch(`${server.url}/predict${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(penguinSchema.example),
    });
    assert.equal(reply.status, status, await reply.text());
  });
}
