import type { Magic } from "../extension.ts";
import type { KernelHost } from "../runtime/kernel-host.ts";

/** Makes one of the kernel's own magics for a runtime. */
export type MagicMaker = (host: KernelHost) => Promise<Magic>;

/** The kernel's own magics by name; each is loaded when it is used. */
export const kernelMagics: Readonly<Record<string, MagicMaker>> = {
  lsmagic: async (host) => (await import("./lsmagic.ts")).lsmagic(host),
  load_ext: async (host) => (await import("./load-ext.ts")).loadExt(host),
  reload_ext: async (host) => (await import("./load-ext.ts")).reloadExt(host),
  time: async (host) => (await import("./time.ts")).time(host),
  timeit: async (host) => (await import("./timeit.ts")).timeit(host),
  cd: async (host) => (await import("./cd.ts")).cd(host),
  pwd: async () => (await import("./pwd.ts")).pwd,
  env: async () => (await import("./env.ts")).env,
  who: async () => (await import("./who.ts")).who,
  reset: async (host) => (await import("./reset.ts")).reset(host),
  run: async (host) => (await import("./run.ts")).run(host),
  npm: async (host) => (await import("./npm.ts")).npm(host),
  history: async (host) => (await import("./history.ts")).history(host),
  bash: async () => (await import("./bash.ts")).bash,
  writefile: async () => (await import("./writefile.ts")).writefile,
  html: async () => (await import("./show-text.ts")).html,
  markdown: async () => (await import("./show-text.ts")).markdown,
  svg: async () => (await import("./show-text.ts")).svg,
  js: async (host) => (await import("./js.ts")).js(host),
};
