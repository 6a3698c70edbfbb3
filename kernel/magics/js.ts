import { KernelError, type Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { noOptions, ownMagic } from "./own-magic.ts";

export function js(host: KernelHost): Magic {
  return ownMagic({
    name: "js",
    summary: "Runs the cell as plain JavaScript, without types.",
    body: "text",
    options: noOptions,
    examples: ["%%js\nconst total = prices.reduce((a, b) => a + b);"],
    run: (_options, { body }) => {
      if (body === undefined) {
        throw new KernelError("USAGE", "%js has no cell.", {
          hint: "Write %%js on a line of its own above the code.",
        });
      }
      return host.evaluate(body);
    },
  });
}
