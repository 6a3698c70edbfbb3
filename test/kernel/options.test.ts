import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineCommand, KernelError, type Magic } from "../../kernel/extension.ts";
import {
  describeMagic,
  formatHelp,
  parseLine,
  parseOptions,
  splitLine,
  UsageError,
} from "../../kernel/options.ts";

const train = defineCommand({
  name: "train",
  summary: "Trains a decision tree on a table.",
  positionals: ["source"],
  options: z.object({
    source: z.string().describe("path or URL of the table"),
    target: z.string().describe("column to learn").meta({ complete: "column" }),
    features: z.array(z.string()).optional().describe("columns to learn from"),
    maxDepth: z.number().int().min(1).default(10).describe("deepest level"),
    test: z.number().min(0).lt(1).default(0.2).describe("share held out"),
    offset: z.number().default(0),
    as: z.string().default("model").describe("name of the variable"),
  }),
  defines: [{ option: "as", type: "unknown" }],
  examples: ["%magic train data.csv --target species"],
  run: () => undefined,
});

const app = defineCommand({
  name: "app",
  summary: "Serves a model or an app.",
  positionals: ["name"],
  options: z.object({
    name: z.string().optional().meta({ complete: "variable" }),
    port: z.number().int().min(0).max(65535).default(8000).meta({ placeholder: "PORT" }),
    tunnel: z.enum(["auto", "ngrok", "ssh", "none"]).default("auto").describe("how to share"),
    wait: z.boolean().default(false).meta({ short: "w" }).describe("keep the cell busy"),
    probe: z.boolean().default(true).describe("prove that the link answers"),
    authtoken: z.string().optional().meta({ secret: true }),
    password: z.union([z.boolean(), z.string()]).optional().describe("ask for a password"),
  }),
  run: () => undefined,
});

const magic: Magic = { name: "magic", summary: "Does it.", body: "none", commands: [train, app] };

const grep: Magic = {
  name: "grep",
  summary: "Finds a pattern.",
  body: "none",
  commands: [
    defineCommand({
      name: "",
      summary: "Finds a pattern in files.",
      positionals: ["pattern", "files..."],
      options: z.object({ pattern: z.string(), files: z.array(z.string()).default([]) }),
      run: () => undefined,
    }),
  ],
};

test("splitLine() splits as a shell does and knows where each word stands", () => {
  const rows: [line: string, words: string[]][] = [
    ["", []],
    ["  a  b ", ["a", "b"]],
    ["'a b' \"c d\"", ["a b", "c d"]],
    ["a'b c'd", ["ab cd"]],
    ['"say \\"hi\\" \\\\"', ['say "hi" \\']],
    ["my\\ file.csv", ["my file.csv"]],
    ["C:\\data\\x.csv", ["C:\\data\\x.csv"]],
    ["''", [""]],
    ["--target='liked it'", ["--target=liked it"]],
    ["😀 b", ["😀", "b"]],
  ];
  for (const [line, words] of rows) {
    assert.deepEqual(
      splitLine(line).map(({ text }) => text),
      words,
      line,
    );
  }
  assert.deepEqual(splitLine("a 'b c'  d"), [
    { text: "a", start: 0, end: 1 },
    { text: "b c", start: 2, end: 7 },
    { text: "d", start: 9, end: 10 },
  ]);
  assert.throws(() => splitLine("a 'b"), { code: "USAGE", message: /is not closed/ });
});

test("parseLine() reads options, flags, lists and positionals by the schema", () => {
  const base = { target: "t", maxDepth: 10, test: 0.2, offset: 0, as: "model" };
  const rows: [line: string, options: Record<string, unknown>][] = [
    ["train a.csv --target t", { ...base, source: "a.csv" }],
    ["train --target t a.csv", { ...base, source: "a.csv" }],
    ["train a.csv --target=t --max-depth 3", { ...base, source: "a.csv", maxDepth: 3 }],
    ["train a.csv --target t --max-depth=3", { ...base, source: "a.csv", maxDepth: 3 }],
    ["train a.csv --target t --offset -1.5", { ...base, source: "a.csv", offset: -1.5 }],
    [
      "train a.csv --target t --features a,b --features 'c d'",
      { ...base, source: "a.csv", features: ["a", "b", "c d"] },
    ],
    ["train --target t -- --odd.csv", { ...base, source: "--odd.csv" }],
    ["train a.csv --target 7", { ...base, source: "a.csv", target: "7" }],
  ];
  for (const [line, options] of rows) {
    assert.deepEqual({ ...parseLine(magic, line).options }, options, line);
  }
  const served = { port: 8000, tunnel: "auto", wait: false, probe: true };
  const flags: [line: string, options: Record<string, unknown>][] = [
    ["app", served],
    ["app --wait --no-probe", { ...served, wait: true, probe: false }],
    ["app -w", { ...served, wait: true }],
    ["app --wait=false server", { ...served, name: "server" }],
    ["app --password --port 0", { ...served, password: true, port: 0 }],
    ["app --password=x", { ...served, password: "x" }],
    ["app --no-password", { ...served, password: false }],
  ];
  for (const [line, options] of flags) {
    assert.deepEqual(parseLine(magic, line).options, options, line);
  }
  assert.deepEqual(parseLine(grep, "-1 a.txt 'b c.txt'").options, {
    pattern: "-1",
    files: ["a.txt", "b c.txt"],
  });
});

test("parseLine() names the option, the value and the nearest names", () => {
  const rows: [line: string, message: string, hint: string][] = [
    [
      "trian a.csv",
      "%magic has no command trian.",
      "Did you mean train? %magic --help lists all commands.",
    ],
    [
      "app --prot 1",
      "%magic app has no option --prot.",
      "Did you mean --port or --probe? %magic app --help lists all options.",
    ],
    ["app --port", "--port needs a value.", "Write --port VALUE."],
    ["app --port abc", "--port must be a number, not abc.", "%magic app --help describes it."],
    [
      "app --port 99999",
      "--port must be at most 65535, not 99999.",
      "%magic app --help describes it.",
    ],
    [
      "app --port 1.5",
      "--port must be a whole number, not 1.5.",
      "%magic app --help describes it.",
    ],
    [
      "app --tunnel ngrk",
      "--tunnel must be one of auto, ngrok, ssh, none, not ngrk.",
      "Did you mean ngrok?",
    ],
    [
      "app --wait=often",
      "--wait must be true or false, not often.",
      "%magic app --help describes it.",
    ],
    ["train", "%magic train needs SOURCE.", "Usage: %magic train SOURCE --target TARGET [options]"],
    [
      "train a.csv",
      "%magic train needs --target.",
      "Usage: %magic train SOURCE --target TARGET [options]",
    ],
    [
      "train a.csv --target t --test 1",
      "--test must be less than 1, not 1.",
      "%magic train --help describes it.",
    ],
    ["app one two", '%magic app has no place for "two".', "Usage: %magic app [NAME] [options]"],
  ];
  for (const [line, message, hint] of rows) {
    assert.throws(
      () => parseLine(magic, line),
      (error) => {
        assert.ok(error instanceof KernelError);
        assert.deepEqual(
          { code: error.code, message: error.message, hint: error.hint },
          { code: "USAGE", message, hint },
        );
        return true;
      },
      line,
    );
  }
});

test("a UsageError points at its word in the line", () => {
  assert.throws(
    () => parseLine(magic, "app --wait  --prot 1"),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.deepEqual(error.word, { text: "--prot", start: 12, end: 18 });
      return true;
    },
  );
});

test("a secret's value is in no message", () => {
  assert.throws(
    () => parseOptions(magic, ["app", "--authtoken", "-s3cret"]),
    (error) => error instanceof KernelError && !`${error.message}${error.hint}`.includes("s3cret"),
  );
});

test("--help is asked for at any place, and by no command at all", () => {
  const rows: [line: string, command: string | undefined][] = [
    ["", undefined],
    ["--help", undefined],
    ["-h", undefined],
    ["help", undefined],
    ["help app", "app"],
    ["app --help", "app"],
    ["train --target x --help", "train"],
  ];
  for (const [line, command] of rows) {
    const parsed = parseLine(magic, line);
    assert.equal(parsed.isHelp, true, line);
    assert.equal(parsed.command?.name, command, line);
  }
});

test("describeMagic() gives plain data", () => {
  const described = describeMagic(magic);
  assert.deepEqual(JSON.parse(JSON.stringify(described)).commands[0].defines, [
    { option: "as", type: "unknown" },
  ]);
  const [, serve] = described.commands;
  assert.deepEqual(serve?.positionals, ["name"]);
  assert.deepEqual(
    serve?.options.map(({ flag, type, placeholder, default: byDefault }) => [
      flag,
      type,
      placeholder,
      byDefault,
    ]),
    [
      ["--name", "string", "NAME", undefined],
      ["--port", "number", "PORT", "8000"],
      ["--tunnel", "string", "auto|ngrok|ssh|none", "auto"],
      ["--wait", "boolean", "", undefined],
      ["--probe", "boolean", "", "true"],
      ["--authtoken", "string", "AUTHTOKEN", undefined],
      ["--password", "string", "PASSWORD", undefined],
    ],
  );
  assert.deepEqual(serve?.options[2]?.choices, ["auto", "ngrok", "ssh", "none"]);
  assert.equal(serve?.options[5]?.isSecret, true);
  assert.equal(serve?.options[0]?.complete, "variable");
});

test("formatHelp() tells purpose, usage, examples and options within 80 columns", () => {
  assert.equal(
    formatHelp(magic, train, "%magic"),
    `Trains a decision tree on a table.

Usage: %magic train SOURCE --target TARGET [options]

Examples:
  %magic train data.csv --target species

Arguments:
  SOURCE  path or URL of the table

Options:
  --target TARGET  column to learn
  --features A,…   columns to learn from
  --max-depth N    deepest level (default 10)
  --test N         share held out (default 0.2)
  --offset N       (default 0)
  --as AS          name of the variable (default model)
`,
  );
  const whole = formatHelp(magic, undefined, "colabcode");
  assert.match(whole, /^Usage: colabcode COMMAND \[options\]$/m);
  assert.match(whole, /^ {2}train {2}Trains a decision tree on a table\.$/m);
  assert.match(whole, /^ {2}colabcode train data\.csv --target species$/m);
  for (const text of [whole, formatHelp(magic, app, "%magic")]) {
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  }
});
