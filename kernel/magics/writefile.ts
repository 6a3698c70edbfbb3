import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { z } from "zod";
import { KernelError } from "../extension.ts";
import { ownMagic } from "./own-magic.ts";

export const writefile = ownMagic({
  name: "writefile",
  summary: "Writes the cell into a file.",
  body: "text",
  positionals: ["file"],
  options: z.object({
    file: z.string().meta({ complete: "path" }).describe("made with its folders if missing"),
    append: z.boolean().default(false).meta({ short: "a" }).describe("add to the end of the file"),
  }),
  examples: ["%%writefile data.json\n{}", "%%writefile -a notes.txt\none more line"],
  run: async ({ file, append }, { host, body }) => {
    if (body === undefined) {
      throw new KernelError("USAGE", "%writefile has no cell.", {
        hint: "Write %%writefile FILE on a line of its own above the text.",
      });
    }
    const path = resolve(host.folder, file);
    const text = body.endsWith("\n") ? body : `${body}\n`;
    await mkdir(dirname(path), { recursive: true });
    await (append ? appendFile : writeFile)(path, text);
    const size = `${Buffer.byteLength(text).toLocaleString("en-US")} bytes`;
    const name = relative(host.folder, path);
    host.display.write("stdout", `${append ? "Added" : "Wrote"} ${size} to ${name}\n`);
  },
});
