import type { Magic, MagicDescription } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { noOptions, ownMagic } from "./own-magic.ts";

export function lsmagic(host: KernelHost): Magic {
  return ownMagic({
    name: "lsmagic",
    summary: "Lists all magics.",
    body: "none",
    options: noOptions,
    examples: ["%lsmagic"],
    run: async () => {
      const magics = [...(await host.describeMagics())].sort((a, b) => (a.name < b.name ? -1 : 1));
      const rows = magics.map((magic) => ({ name: written(magic), summary: magic.summary }));
      const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
      const lines = rows.map(({ name, summary }) => `${name.padEnd(width)}${summary}`);
      lines.push("", "%NAME --help tells more of one; !COMMAND runs a command by the shell.");
      host.display.write("stdout", `${lines.join("\n")}\n`);
    },
  });
}

function written({ name, body }: MagicDescription): string {
  if (body === "none") return `%${name}`;
  return `%%${name}`;
}
