import type { MagicDescription, VariableDefinition } from "../extension.ts";
import type { MagicLine } from "./cell-syntax.ts";
import { findCommand, findOption, wordsOf } from "./magic-words.ts";

/** The variables that the magics of a cell will define, as far as their lines tell. */
export function findMagicVariables(
  lines: readonly Pick<MagicLine, "name" | "line">[],
  magics: ReadonlyMap<string, MagicDescription>,
): readonly VariableDefinition[] {
  return lines.flatMap(({ name, line }) => {
    const magic = magics.get(name);
    if (magic === undefined) return [];
    const { command, rest } = findCommand(magic, wordsOf(line));
    if (command === undefined) return [];
    return command.defines.flatMap(({ option: key, type }) => {
      const description = command.options.find((option) => option.key === key);
      const index = rest.findIndex(({ text }) => findOption(command, text)?.key === key);
      const written = rest[index]?.text;
      const value = written?.includes("=")
        ? written.slice(written.indexOf("=") + 1)
        : written && rest[index + 1]?.text;
      const variable = value ?? description?.default;
      return variable !== undefined && /^[A-Za-z_$][\w$]*$/.test(variable)
        ? [{ name: variable, type }]
        : [];
    });
  });
}
