import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";
import { ownMagic } from "./own-magic.ts";

export function cd(host: KernelHost): Magic {
  return ownMagic({
    name: "cd",
    summary: "Changes the folder that files and packages are found from.",
    body: "none",
    positionals: ["folder"],
    options: z.object({
      folder: z.string().default("~").meta({ complete: "path" }).describe("- for the one before"),
    }),
    examples: ["%cd data", "%cd -"],
    run: ({ folder }) => {
      const target = folder === "-" && previous !== undefined ? previous : fromHome(folder);
      const before = host.folder;
      host.changeFolder(target);
      previous = before;
      host.display.write("stdout", `${host.folder}\n`);
    },
  });
}

/** A magic is made anew for each use; the folder before is that of the runtime. */
let previous: string | undefined;

function fromHome(folder: string): string {
  return folder === "~" || folder.startsWith("~/") ? join(homedir(), folder.slice(1)) : folder;
}
