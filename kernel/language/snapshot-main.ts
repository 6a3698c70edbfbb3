import { buildKernelProgram } from "../kernel-program.ts";
import { buildSnapshot } from "./build-snapshot.ts";

/** Builds what lets kernels start sooner beside one; gives up when the kernel, at the other end of stdin, is gone. */
const abort = new AbortController();
process.stdin.on("end", () => abort.abort()).resume();
const isBuilt = await buildSnapshot(abort.signal);
if (isBuilt) await buildKernelProgram();
process.exit(isBuilt ? 0 : 1);
