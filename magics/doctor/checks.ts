import { ColabCodeError } from "../errors.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import { checkCodeServer } from "./code-server-check.ts";
import { checkDisk } from "./disk-check.ts";
import { checkJupyterLab } from "./jupyterlab-check.ts";
import { checkKernel } from "./kernel-check.ts";
import { checkKernelSpec } from "./kernel-spec-check.ts";
import { checkNode } from "./node-check.ts";
import { checkPlace } from "./place-check.ts";
import { portCheck } from "./port-check.ts";
import { checkToken } from "./token-check.ts";
import { checkTunnel } from "./tunnel-check.ts";

/** All checks, in the order in which a start meets them. */
export const checks: readonly Check[] = [
  checkPlace,
  checkNode,
  checkKernel,
  checkKernelSpec,
  portCheck(8000),
  portCheck(10000),
  checkToken,
  checkTunnel,
  checkCodeServer,
  checkJupyterLab,
  checkDisk,
];

export type Diagnosis = Finding & { readonly name: string };

/** Runs the checks side by side and gives what they found, in order; `onDone` hears of each. */
export async function diagnose(
  context: CheckContext,
  onDone: (done: number) => void = () => {},
): Promise<Diagnosis[]> {
  let done = 0;
  return await Promise.all(
    checks.map(async (check) => {
      const finding = await check.run(context).catch(findingOf);
      context.signal.throwIfAborted();
      onDone(++done);
      return { name: check.name, ...finding };
    }),
  );
}

function findingOf(error: unknown): Finding {
  if (!(error instanceof ColabCodeError)) return { state: "bad", text: String(error) };
  const state = error.code === "NOT_INSTALLED" ? "missing" : "bad";
  return { state, text: error.message, hint: error.hint };
}
