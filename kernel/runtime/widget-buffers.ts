type Path = readonly (string | number)[];

/** A widget's state as messages carry it: bytes apart from the rest, with the places they belong to. */
export function splitBuffers(state: Readonly<Record<string, unknown>>): {
  readonly data: { readonly state: unknown; readonly buffer_paths: readonly Path[] };
  readonly buffers: readonly Uint8Array[];
} {
  const buffers: Uint8Array[] = [];
  const paths: Path[] = [];
  const strip = (value: unknown, path: Path): unknown => {
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      buffers.push(bytes);
      paths.push(path);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, index) => strip(item, [...path, index]));
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, strip(item, [...path, name])]),
    );
  };
  return { data: { state: strip(state, []), buffer_paths: paths }, buffers };
}

/** The state with each of the buffers at its place again. */
export function joinBuffers(
  state: Record<string, unknown>,
  paths: readonly Path[],
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  for (const [index, path] of paths.entries()) {
    const last = path.at(-1);
    // The other end made the path from this very state.
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((value, step) => (value as Record<string | number, unknown>)?.[step], state);
    if (last === undefined || typeof holder !== "object" || holder === null) continue;
    (holder as Record<string | number, unknown>)[last] = buffers[index];
  }
  return state;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
