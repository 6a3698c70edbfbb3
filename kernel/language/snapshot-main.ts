import { buildSnapshot } from "./build-snapshot.ts";

/** Builds the snapshot beside a kernel; gives up when the kernel, at the other end of stdin, is gone. */
const abort = new AbortController();
process.stdin.on("end", () => abort.abort()).resume();
const isBuilt = await buildSnapshot(abort.signal);
process.exit(isBuilt ? 0 : 1);
