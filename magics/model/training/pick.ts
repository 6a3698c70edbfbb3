/** The values at the given indices, in an array of the same kind. */
export function pick<T extends Float64Array | Int32Array | Uint16Array>(
  values: T,
  indices: Int32Array,
): T {
  // A view's constructor makes a view of the same kind.
  const picked = new (values.constructor as new (length: number) => T)(indices.length);
  for (let index = 0; index < indices.length; index++) {
    picked[index] = values[indices[index] as number] as number;
  }
  return picked;
}
