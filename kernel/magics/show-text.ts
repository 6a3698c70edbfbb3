import { KernelError, type Magic } from "../extension.ts";
import { noOptions, ownMagic } from "./own-magic.ts";

/** Magics that show their cell as it is. */
export const html = showText({
  name: "html",
  type: "text/html",
  noun: "HTML",
  example: "<b>Hello</b>",
});
export const markdown = showText({
  name: "markdown",
  type: "text/markdown",
  noun: "Markdown",
  example: "**Hello**",
});
export const svg = showText({
  name: "svg",
  type: "image/svg+xml",
  noun: "an SVG picture",
  example: '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"></svg>',
});

interface Shown {
  readonly name: string;
  readonly type: string;
  readonly noun: string;
  readonly example: string;
}

function showText({ name, type, noun, example }: Shown): Magic {
  return ownMagic({
    name,
    summary: `Shows the cell as ${noun}.`,
    body: "text",
    options: noOptions,
    examples: [`%%${name}\n${example}`],
    run: (_options, { host, body }) => {
      if (body === undefined) {
        throw new KernelError("USAGE", `%${name} has no cell.`, {
          hint: `Write %%${name} on a line of its own above the text.`,
        });
      }
      host.display.show({ [type]: body, "text/plain": body });
    },
  });
}
