import { inspect } from "node:util";
import { noOptions, ownMagic } from "./own-magic.ts";

export const who = ownMagic({
  name: "who",
  summary: "Lists the notebook's variables.",
  body: "none",
  options: noOptions,
  examples: ["%who"],
  run: (_options, { host }) => {
    const names = host.variables.names().sort();
    const width = Math.max(0, ...names.map((name) => name.length)) + 2;
    const lines = names.map((name) => `${name.padEnd(width)}${summary(host.variables.get(name))}`);
    const text = lines.length === 0 ? "There are no variables yet." : lines.join("\n");
    host.display.write("stdout", `${text}\n`);
  },
});

function summary(value: unknown): string {
  const type = value === null ? "null" : typeof value;
  if (type === "function") return inspect(value, { depth: -1 });
  const text = inspect(value, {
    depth: 0,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 3,
    maxStringLength: 40,
  }).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
