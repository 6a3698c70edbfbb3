/** `node scripts/readme.mjs`: writes the table of commands into README.md, from the commands themselves. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { built, ensureBuilt, ensurePackages, main, root } from "./setup.mjs";

const file = join(root, "README.md");
const [begin, end] = ["<!-- commands:begin -->", "<!-- commands:end -->"];

/** README.md as it should be. */
export async function currentReadme() {
  const { colabcodeMagic } = await built("magics/extension.js");
  const { describeMagic } = await built("kernel/extension.js");
  const text = readFileSync(file, "utf8");
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  const after = text.slice(text.indexOf(end));
  return `${before}\n${commandsTable(describeMagic(colabcodeMagic))}\n${after}`;
}

function commandsTable(magic) {
  const rows = magic.commands.map((command) => {
    const words = command.positionals.map((key) => placeholderOf(command, key));
    const usage = [`%${magic.name}`, command.name, ...words].join(" ");
    return `| \`${usage}\` | ${command.summary} |`;
  });
  return ["| command | what it does |", "| --- | --- |", ...rows].join("\n");
}

function placeholderOf(command, key) {
  const option = command.options.find((each) => each.key === key.replace("...", ""));
  return option?.placeholder ?? key.toUpperCase();
}

if (process.argv[1] === join(root, "scripts", "readme.mjs")) {
  await main(async (signal) => {
    await ensurePackages(signal);
    await ensureBuilt(signal);
    writeFileSync(file, await currentReadme());
  });
}
