import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { noOptions, ownMagic } from "./own-magic.ts";

export function reset(host: KernelHost): Magic {
  return ownMagic({
    name: "reset",
    summary: "Forgets all variables; sessions live on.",
    body: "none",
    options: noOptions,
    examples: ["%reset"],
    run: () => {
      const count = host.variables.names().length;
      host.reset();
      host.display.write("stdout", `${count} variable${count === 1 ? "" : "s"} forgotten.\n`);
    },
  });
}
