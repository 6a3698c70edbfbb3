import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelError } from "./errors.ts";
import { type InstallPlace, jupyterFolder } from "./jupyter-folder.ts";
import { logoPng, logoSvg } from "./logo.ts";

/** Name of the kernelspec's folder, by which front ends choose the kernel. */
export const kernelName = "colabcode";

/** A kernelspec as kernel.json holds it. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message";
  readonly metadata: { readonly debugger: boolean };
}

/** The kernelspec of this installation: this Node and this package, by absolute paths. */
export function kernelSpec(): KernelSpec {
  const main = fileURLToPath(new URL("./main.js", import.meta.url));
  return {
    argv: [process.execPath, main, "{connection_file}"],
    display_name: "TypeScript (ColabCode)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/** Writes the kernelspec, whole or not at all, over an earlier one; resolves with its folder. */
export async function install(place: InstallPlace): Promise<string> {
  const target = await specFolder(place);
  try {
    await mkdir(dirname(target), { recursive: true });
    const workshop = await mkdtemp(`${target}-`);
    try {
      // mkdtemp's folder is for this user only; one made inside it is as open as the umask says.
      const draft = join(workshop, "new");
      await mkdir(draft);
      await writeSpec(draft);
      await replace(target, draft, join(workshop, "old"));
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  } catch (cause) {
    throw notWritable(target, cause);
  }
  return target;
}

/** Removes the kernelspec; resolves with its folder, or undefined where there was none. */
export async function uninstall(place: InstallPlace): Promise<string | undefined> {
  const target = await specFolder(place);
  if (!(await exists(target))) return undefined;
  try {
    await rm(target, { recursive: true });
  } catch (cause) {
    throw notWritable(target, cause);
  }
  return target;
}

async function specFolder(place: InstallPlace): Promise<string> {
  return join(await jupyterFolder(place), "kernels", kernelName);
}

async function writeSpec(folder: string): Promise<void> {
  await writeFile(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), undefined, 2)}\n`);
  await writeFile(join(folder, "logo-svg.svg"), `${logoSvg}\n`);
  await writeFile(join(folder, "logo-32x32.png"), Buffer.from(logoPng[32], "base64"));
  await writeFile(join(folder, "logo-64x64.png"), Buffer.from(logoPng[64], "base64"));
}

/** A folder cannot be renamed over another: the old one steps aside, and comes back on failure. */
async function replace(target: string, draft: string, aside: string): Promise<void> {
  const isThere = await exists(target);
  if (isThere) await rename(target, aside);
  try {
    await rename(draft, target);
  } catch (error) {
    if (isThere) await rename(aside, target);
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function notWritable(target: string, cause: unknown): KernelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KernelError("not-writable", `${target} cannot be changed: ${reason}`, {
    hint: "Use --user, or --prefix with a folder of yours.",
    cause,
  });
}
