import { noOptions, ownMagic } from "./own-magic.ts";

export const pwd = ownMagic({
  name: "pwd",
  summary: "Gives the folder that files and packages are found from.",
  body: "none",
  options: noOptions,
  examples: ["%pwd"],
  run: (_options, { host }) => host.folder,
});
