// Indices are within bounds throughout; `as number` says so to the compiler.
/** The median of finite values, 0 where there are none. Leaves the values in another order. */
export function takeMedian(values: Float64Array): number {
  const middle = values.length >>> 1;
  if (values.length === 0) return 0;
  bringInPlace(values, middle);
  const upper = values[middle] as number;
  if (values.length % 2 === 1) return upper;
  let lower = values[0] as number;
  for (let index = 1; index < middle; index++) {
    if ((values[index] as number) > lower) lower = values[index] as number;
  }
  return lower + (upper - lower) / 2;
}

/** Hoare's selection: afterwards the value at `place` is the one of the sorted list, none before it is larger. */
function bringInPlace(values: Float64Array, place: number): void {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >>> 1] as number;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] as number) < pivot) left++;
      while ((values[right] as number) > pivot) right--;
      if (left > right) break;
      const value = values[left] as number;
      values[left++] = values[right] as number;
      values[right--] = value;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else return;
  }
}
