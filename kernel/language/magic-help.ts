import type { CommandDescription, MagicDescription, OptionDescription } from "../extension.ts";
import type { Inspection } from "./language.ts";

/** What a magic does and takes, from its description. */
export function describeMagicHelp(magic: MagicDescription): Inspection {
  const sign = magic.body === "none" ? "%" : "%%";
  const plain = [`${sign}${magic.name}: ${magic.summary}`, ...magic.commands.map(plainCommand)];
  const markdown = [
    `**${sign}${magic.name}** ${magic.summary}`,
    ...magic.commands.map(markdownCommand),
  ];
  return { data: { "text/plain": plain.join("\n\n"), "text/markdown": markdown.join("\n\n") } };

  function usage(command: CommandDescription): string {
    const words = [
      `%${magic.name}`,
      command.name,
      ...command.positionals.map(positionalText(command)),
    ];
    return [...words, command.options.length > 0 ? "[options]" : ""].filter(Boolean).join(" ");
  }

  function plainCommand(command: CommandDescription): string {
    const flags = command.options.map(flagText);
    const width = Math.max(0, ...flags.map(({ length }) => length));
    const options = command.options.map((option, index) =>
      `  ${(flags[index] ?? "").padEnd(width)}  ${optionText(option)}`.trimEnd(),
    );
    const examples = command.examples.map((example) => `  ${example}`);
    return [
      usage(command),
      command.summary,
      ...options,
      ...(examples.length > 0 ? ["Examples:", ...examples] : []),
    ].join("\n");
  }

  function markdownCommand(command: CommandDescription): string {
    const options = command.options.map(
      (option) => `- \`${flagText(option)}\` ${optionText(option)}`,
    );
    const examples = command.examples.length > 0 ? fenced(command.examples.join("\n")) : "";
    return [`\`${usage(command)}\` — ${command.summary}`, options.join("\n"), examples]
      .filter(Boolean)
      .join("\n\n");
  }
}

function positionalText(command: CommandDescription): (positional: string) => string {
  return (positional) => {
    const key = positional.replace(/\.\.\.$/, "");
    const placeholder = command.options.find((option) => option.key === key)?.placeholder;
    return `${placeholder ?? key.toUpperCase()}${key === positional ? "" : "…"}`;
  };
}

function flagText({ flag, placeholder }: OptionDescription): string {
  return `${flag} ${placeholder}`.trim();
}

function optionText({ description, default: value }: OptionDescription): string {
  return `${description}${value === undefined ? "" : ` (default: ${value})`}`;
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
