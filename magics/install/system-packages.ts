import { existsSync } from "node:fs";
import { ColabCodeError } from "../errors.ts";
import { findProgram } from "../services/find-program.ts";
import type { InstallContext } from "./installation.ts";
import { runTool } from "./tool.ts";

/** Something an installation needs from the operating system. */
export interface Requirement {
  /** For a person: "a C++ compiler". */
  readonly name: string;
  readonly debianPackage: string;
  isThere(): boolean | Promise<boolean>;
}

/**
 * Resolves when all `requirements` are there. Where this is root on Debian or Ubuntu, what is
 * missing is installed; elsewhere it rejects with exactly what to install.
 */
export async function ensureSystemPackages(
  requirements: readonly Requirement[],
  purpose: string,
  context: InstallContext,
): Promise<void> {
  const missing = await findMissing(requirements);
  if (missing.length === 0) return;
  const packages = missing.map((requirement) => requirement.debianPackage);
  if (canUseApt()) await installByApt(packages, purpose, context);
  const stillMissing = await findMissing(missing);
  if (stillMissing.length > 0) throw missingError(stillMissing, purpose);
}

async function findMissing(requirements: readonly Requirement[]): Promise<Requirement[]> {
  const there = await Promise.all(requirements.map((requirement) => requirement.isThere()));
  return requirements.filter((_, index) => there[index] !== true);
}

function canUseApt(): boolean {
  const isDebian = existsSync("/etc/debian_version") && findProgram("apt-get") !== undefined;
  return isDebian && process.getuid?.() === 0;
}

async function installByApt(
  packages: readonly string[],
  purpose: string,
  context: InstallContext,
): Promise<void> {
  const step = `installing system packages for ${purpose}: ${packages.join(", ")}`;
  context.onProgress(step);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const common = { task: `Installing ${packages.join(", ")}`, command: "apt-get", environment };
  const { signal } = context;
  await runTool({ ...common, args: ["update", "-q"], signal });
  await runTool({
    ...common,
    args: ["install", "-q", "-y", "--no-install-recommends", ...packages],
    signal,
    onLine: (line) => {
      if (/^(?:Get:|Unpacking|Setting up)/.test(line)) context.onProgress(`${step} · ${line}`);
    },
  });
}

function missingError(missing: readonly Requirement[], purpose: string): ColabCodeError {
  const names = missing.map((requirement) => requirement.name).join(", ");
  const packages = missing.map((requirement) => requirement.debianPackage).join(" ");
  const byHand =
    process.platform === "darwin"
      ? "Run: xcode-select --install"
      : `On Debian or Ubuntu run: sudo apt-get install ${packages}`;
  return new ColabCodeError("NOT_INSTALLED", `${purpose} needs what is not here: ${names}.`, {
    hint: byHand,
  });
}
