import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";

/** Makes one of the kernel's own magics for a runtime. */
export type MagicMaker = (host: KernelHost) => Promise<Magic>;

/** The kernel's own magics by name; each is loaded when it is used. */
export const kernelMagics: Readonly<Record<string, MagicMaker>> = {};
