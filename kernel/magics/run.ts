import { readFileSync, statSync } from "node:fs";
import { extname, relative, resolve } from "node:path";
import { z } from "zod";
import { KernelError, type Magic } from "../extension.ts";
import type { Conversion, Language } from "../language/language.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { ownMagic } from "./own-magic.ts";

interface Piece {
  readonly label: string;
  readonly source: string;
}

export function run(host: KernelHost): Magic {
  return ownMagic({
    name: "run",
    summary: "Runs a file as if it were a cell, a notebook as if it were its cells.",
    body: "none",
    positionals: ["file"],
    options: z.object({
      file: z.string().meta({ complete: "path" }).describe("TypeScript, JavaScript or .ipynb"),
    }),
    examples: ["%run setup.ts", "%run helpers.js", "%run first.ipynb"],
    run: async ({ file }, { signal }) => {
      const path = resolve(host.folder, file);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
        const hint = `Paths start at ${host.folder}.`;
        throw new KernelError("NO_SUCH_FILE", `There is no file ${path}.`, { hint });
      }
      const language = await openLanguage(host, path);
      let value: unknown;
      try {
        for (const piece of piecesOf(path, relative(host.folder, path))) {
          signal.throwIfAborted();
          value = await runPiece(host, language, piece);
        }
      } finally {
        language.close();
      }
      return value;
    },
  });
}

/** The compiler is loaded for this alone; other cells are converted in the kernel process. */
async function openLanguage(host: KernelHost, path: string): Promise<Language> {
  const { createLanguage } = await import("../language/tslab-language.ts");
  const kind = /^\.[cm]?jsx?$/.test(extname(path)) ? "javascript" : "typescript";
  const language = createLanguage({ folder: host.folder, language: kind });
  language.setMagics(await host.describeMagics());
  return language;
}

function piecesOf(path: string, label: string): Piece[] {
  const text = readFileSync(path, "utf8");
  if (extname(path) !== ".ipynb") return [{ label, source: text }];
  const { cells = [] } = JSON.parse(text) as {
    cells?: { cell_type?: string; source?: string | string[] }[];
  };
  return cells
    .filter((cell) => cell.cell_type === "code")
    .map(({ source = "" }, index) => ({
      label: `${label}, cell ${index + 1}`,
      source: Array.isArray(source) ? source.join("") : source,
    }));
}

async function runPiece(host: KernelHost, language: Language, piece: Piece): Promise<unknown> {
  const conversion = language.convert(piece.source);
  if (conversion.kind === "failed") throw failed(conversion, piece.label);
  const value = await host.runCompiled(conversion.cell, piece);
  language.commit(conversion.declarations);
  for (const name of conversion.declaredNames) {
    if (host.variables.has(name)) host.define({ name, type: "any" });
  }
  return value;
}

function failed({ diagnostics }: Extract<Conversion, { kind: "failed" }>, label: string) {
  const lines = diagnostics.map(
    ({ start, message }) => `${label}:${start.line + 1}:${start.column + 1} ${message}`,
  );
  return new KernelError("TYPE_ERROR", lines.join("\n"));
}
