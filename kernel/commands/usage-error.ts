import { KernelError } from "../errors.ts";

/** The command line is not right: exit code 2. */
export function usageError(cause: unknown): KernelError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new KernelError("usage", message, { hint: "See colabcode-kernel --help.", cause });
}
