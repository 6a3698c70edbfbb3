import { ColabCodeError } from "./errors.ts";

const codes = ["ENOSPC", "EDQUOT"];

/** True for the errors of the file system that mean a full disk or a used up quota. */
export function isFullDisk(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** A full disk as one sentence that begins with `failed`; every other error as it is. */
export function explainFullDisk(error: unknown, failed: string, hint: string): unknown {
  if (!isFullDisk(error)) return error;
  const place = error.path === undefined ? "" : ` at ${error.path}`;
  return new ColabCodeError("DISK_FULL", `${failed}: the disk is full${place}.`, {
    hint,
    cause: error,
  });
}
