import type { Inspection } from "./language.ts";
import { loadTypeScript, type ts } from "./typescript.ts";

/** What TypeScript knows of a name, as text and as Markdown, with its source where it is given. */
export function formatInspection(
  information: ts.QuickInfo,
  source: string | undefined,
): Inspection {
  const typescript = loadTypeScript();
  const signature = typescript.displayPartsToString(information.displayParts);
  const documentation = typescript.displayPartsToString(information.documentation);
  const tags = (information.tags ?? []).map((tag) => ({
    name: tag.name,
    text: typescript.displayPartsToString(tag.text).trim(),
  }));
  const plainTags = tags.map(({ name, text }) => `@${name} ${text}`.trim()).join("\n");
  const markdownTags = tags.map(({ name, text }) => formatTag(name, text)).join("\n\n");
  return {
    data: {
      "text/plain": joinParts([
        signature,
        documentation,
        plainTags,
        source === undefined ? "" : `Source:\n${source}`,
      ]),
      "text/markdown": joinParts([
        `\`\`\`typescript\n${signature}\n\`\`\``,
        documentation,
        markdownTags,
        source === undefined ? "" : `**Source**\n\n\`\`\`typescript\n${source}\n\`\`\``,
      ]),
    },
  };
}

function formatTag(name: string, text: string): string {
  if (name === "example") {
    return `*@example*\n\n${text.includes("```") ? text : `\`\`\`typescript\n${text}\n\`\`\``}`;
  }
  const [, parameter, rest] = /^(\S+)\s*(?:-\s*)?([^]*)$/.exec(text) ?? [];
  if (["param", "template", "throws"].includes(name) && parameter !== undefined) {
    return `*@${name}* \`${parameter}\`${rest ? ` — ${rest}` : ""}`;
  }
  return `*@${name}* ${text}`.trim();
}

function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== "").join("\n\n");
}
