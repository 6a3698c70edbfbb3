import { KernelError, nearest } from "../errors.ts";
import type { Extension, Magic, MagicDescription } from "../extension.ts";
import { kernelMagics } from "../magics/index.ts";
import type { KernelHost } from "./kernel-host.ts";
import { importPackage } from "./modules.ts";

interface Loaded {
  readonly extension: Extension;
  readonly deactivate: (() => void | Promise<void>) | undefined;
}

/** The magics there are: the kernel's own, loaded one by one, and those of extensions. */
export class ExtensionRegistry {
  readonly #host: KernelHost;
  readonly #defaults: readonly string[];
  readonly #loaded = new Map<string, Promise<Loaded>>();
  readonly #failed = new Map<string, unknown>();

  constructor(host: KernelHost, defaults: readonly string[]) {
    this.#host = host;
    this.#defaults = defaults;
  }

  /** The magic of that name; rejects with the nearest names, or with why an extension failed. */
  async find(name: string): Promise<Magic> {
    const own = kernelMagics[name];
    if (own !== undefined) return own(this.#host);
    await this.#loadDefaults();
    const magics = await this.#extensionMagics();
    const magic = magics.find((candidate) => candidate.name === name);
    if (magic !== undefined) return magic;
    // The magic that is missing may be of the extension that could not be loaded.
    const [failure] = this.#failed;
    if (failure !== undefined) {
      throw new KernelError(
        "EXTENSION_FAILED",
        `The extension ${failure[0]} could not be loaded.`,
        {
          hint: `%load_ext ${failure[0]} tries it again.`,
          cause: failure[1],
        },
      );
    }
    const names = [...Object.keys(kernelMagics), ...magics.map((candidate) => candidate.name)];
    const near = nearest(name, names);
    const hint =
      near.length > 0
        ? `Did you mean ${near.map((each) => `%${each}`).join(" or ")}? %lsmagic lists all.`
        : "%lsmagic lists all magics, %load_ext loads a package with more.";
    throw new KernelError("NO_SUCH_MAGIC", `There is no magic %${name}.`, { hint });
  }

  /** Loads an extension by package name; a second time does nothing unless `isAgain`. */
  async load(name: string, { isAgain = false } = {}): Promise<void> {
    if (isAgain) {
      const before = await this.#loaded.get(name)?.catch(() => undefined);
      await before?.deactivate?.();
      this.#loaded.delete(name);
    }
    let loading = this.#loaded.get(name);
    if (loading === undefined) {
      loading = this.#activate(name);
      this.#loaded.set(name, loading);
    }
    try {
      await loading;
      this.#failed.delete(name);
    } catch (error) {
      this.#loaded.delete(name);
      throw error;
    }
  }

  /** Describes every magic there is; extensions that fail to load are left out. */
  async describe(): Promise<MagicDescription[]> {
    await this.#loadDefaults();
    const { describeMagic } = await import("../options.ts");
    const own = await Promise.all(Object.values(kernelMagics).map((load) => load(this.#host)));
    const unique = new Map<string, Magic>();
    for (const magic of [...(await this.#extensionMagics()), ...own]) unique.set(magic.name, magic);
    return [...unique.values()].map(describeMagic);
  }

  async #loadDefaults(): Promise<void> {
    for (const name of this.#defaults) {
      if (this.#loaded.has(name) || this.#failed.has(name)) continue;
      try {
        await this.load(name);
      } catch (error) {
        this.#failed.set(name, error);
      }
    }
  }

  async #extensionMagics(): Promise<Magic[]> {
    const loaded = await Promise.all(this.#loaded.values());
    return loaded.flatMap(({ extension }) => [...extension.magics]);
  }

  async #activate(name: string): Promise<Loaded> {
    const module = await importPackage(name, this.#host.folder);
    const extension = extensionOf(module);
    if (extension === undefined) {
      throw new KernelError("NO_EXTENSION", `The package ${name} exports no \`extension\`.`, {
        hint: "A package with magics exports `extension: Extension` from its main module.",
      });
    }
    // `activate` may give back what to call at the end, although its type does not ask for it.
    const after: unknown = await extension.activate?.(this.#host);
    const deactivate = typeof after === "function" ? (after as () => void) : undefined;
    if (deactivate !== undefined) this.#host.onShutdown(deactivate);
    return { extension, deactivate };
  }
}

function extensionOf(module: unknown): Extension | undefined {
  const { extension, default: common } = module as {
    extension?: Extension;
    default?: { extension?: Extension };
  };
  const found = extension ?? common?.extension;
  return Array.isArray(found?.magics) ? found : undefined;
}
