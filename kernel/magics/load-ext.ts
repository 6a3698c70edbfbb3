import { z } from "zod";
import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { ownMagic } from "./own-magic.ts";

const options = z.object({ name: z.string().describe("npm package that exports an extension") });

export function loadExt(host: KernelHost): Magic {
  return ownMagic({
    name: "load_ext",
    summary: "Loads a package with magics.",
    body: "none",
    positionals: ["name"],
    options,
    examples: ["%load_ext colabcode"],
    run: ({ name }) => host.loadExtension(name),
  });
}

export function reloadExt(host: KernelHost): Magic {
  return ownMagic({
    name: "reload_ext",
    summary: "Ends what an extension holds and activates it anew.",
    body: "none",
    positionals: ["name"],
    options,
    examples: ["%reload_ext colabcode"],
    run: ({ name }) => host.loadExtension(name, { isAgain: true }),
  });
}
