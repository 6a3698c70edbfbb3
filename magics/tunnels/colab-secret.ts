import { currentHost } from "../../kernel/extension.ts";
import { isColab } from "./colab.ts";

type Environment = Readonly<Record<string, string | undefined>>;

// A page that once stayed silent is asked again, but does not hold up every start.
let isSilent = false;

/**
 * The value of a secret of this Colab notebook's user; undefined elsewhere, where there is none of
 * that name, where this notebook may not read it, and where the page does not answer in time: the
 * first time its user may have to allow it.
 */
export async function colabSecret(
  key: string,
  environment: Environment,
  timeoutMs = isSilent ? 1_000 : 10_000,
): Promise<string | undefined> {
  const host = currentHost();
  if (!isColab(environment) || host?.askColab === undefined) return undefined;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const signal = AbortSignal.any([timeout, host.signal]);
    const answer = await host.askColab("GetSecret", { key }, signal);
    isSilent = false;
    return secretIn(answer);
  } catch {
    isSilent = timeout.aborted;
    return undefined; // Other sources come next.
  }
}

function secretIn(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  if (!("access" in answer && answer.access === true && "payload" in answer)) return undefined;
  return typeof answer.payload === "string" ? answer.payload : undefined;
}
