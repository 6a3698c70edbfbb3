import { ColabCodeError } from "./errors.ts";

/** The errors of the file system that mean that there is no room, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be larger than is allowed here (ulimit -f)",
};

/** True for the errors of the file system that mean that there is no room. */
export function isFullDisk(error: unknown): error is NodeJS.ErrnoException {
  return noRoomReason(error) !== undefined;
}

/** A full disk as one sentence that begins with `failed`; every other error as it is. */
export function explainFullDisk(error: unknown, failed: string, hint: string): unknown {
  if (!isFullDisk(error)) return error;
  const place = error.path === undefined ? "" : ` at ${error.path}`;
  return new ColabCodeError("DISK_FULL", `${failed}: ${noRoomReason(error)}${place}.`, {
    hint,
    cause: error,
  });
}

/** Why there is no room, such as "the disk is full"; undefined for every other error. */
export function noRoomReason(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? reasons[String(error.code)] : undefined;
}
