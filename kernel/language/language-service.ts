import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  descriptors,
  encodeMessage,
  type LanguageAnswer,
  type LanguageRequest,
  MessageReader,
  readChunk,
  settingsVariable,
  writeAll,
} from "./language-channel.ts";
import { createLanguage, type LanguageOptions, type MovableLanguage } from "./tslab-language.ts";

/** Cells that make V8 compile what most cells need. */
const examples = [
  "1 + 1",
  "const { a, ...b } = { a: [1, 2, 3].map((x) => x + 1), c: 'x' }; let d: string | undefined;",
  "interface Row { readonly name: string; tags?: string[] }\nfunction parse(text: string): Row[] {\n  return text.split(';').map((name) => ({ name }));\n}\nclass Box<T> { constructor(readonly value?: T) {} }",
  "for (const row of parse('x;y')) console.log(`${row.name} ${new Box(a).value?.length}`);\nawait Promise.resolve(1);\nnew Map([[1, '2']]).size",
];

/**
 * Cells whose types V8 is let to keep, ms of time for MB of memory. It would wait until there are
 * twice as many, for it never finds this process idle: it waits for requests in system calls.
 */
const cellsBetweenCollections = 40;

let warm: MovableLanguage | undefined;

/** Readies a language that `serveLanguage` can take to any folder; for a start-up snapshot. */
export function warmUp(folder: string): void {
  warm = createLanguage({ folder });
  for (const code of examples) {
    const conversion = warm.convert(code);
    if (conversion.kind === "failed") throw new Error(JSON.stringify(conversion.diagnostics));
    warm.commit(conversion.declarations);
  }
  // No completion: it sorts with Intl.Collator, which cannot be in a snapshot.
  warm.inspect("parse", 3, 0);
  warm.reset();
  warm.convert("1");
}

/** Answers the kernel process, one request at a time, until it is gone. */
export function serveLanguage(): void {
  // The kernel process wrote it.
  const options = JSON.parse(process.env[settingsVariable] ?? "{}") as LanguageOptions;
  const language = start(options);
  let cells = 0;
  const reader = new MessageReader();
  for (;;) {
    const chunk = readChunk(descriptors.requests);
    if (chunk === undefined) return;
    for (const message of reader.push(chunk)) {
      // Only the kernel process writes here.
      const answer = call(language, message as LanguageRequest);
      if (!writeAll(descriptors.answers, encodeMessage(answer))) return;
      // Nobody waits for the answer to it.
      if ((message as LanguageRequest).method !== "commit") continue;
      cells = (cells + 1) % cellsBetweenCollections;
      if (cells === 0) collectGarbage();
    }
  }
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}

function start(options: LanguageOptions): MovableLanguage {
  if (warm === undefined || options.language === "javascript") {
    const language = createLanguage(options);
    language.prepare();
    return language;
  }
  warm.moveTo(options.folder);
  return warm;
}

function call(language: MovableLanguage, { method, parameters }: LanguageRequest): LanguageAnswer {
  try {
    // A request's parameters are those of its method.
    return { value: Reflect.apply(language[method], language, parameters as []) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
