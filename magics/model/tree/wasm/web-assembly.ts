/** What is used of WebAssembly, which Node's types leave to the browser's. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  /** Pages of 64 KB more; views of the old buffer are void then. */
  grow(pages: number): number;
}

interface WebAssemblyDoor {
  readonly Memory: new (limits: { readonly initial: number }) => WebAssemblyMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
}

/** The global of that name. */
export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyDoor };
