// Indices are within bounds throughout; `as number` says so to the compiler.
/** A column in ascending order; equal values keep the order of their rows. */
export interface SortedColumn {
  /** Row numbers. */
  readonly order: Int32Array;
  /** Values in that order. */
  readonly values: Float64Array;
  /** The rows' classes in that order, where they are kept: looking them up by row misses the cache. */
  readonly labels?: Uint16Array;
}

const digitBits = 11;
const buckets = 1 << digitBits;

/** Sorts a column without NaN; -0 and 0 are equal. */
export function presort(column: Float64Array): SortedColumn {
  const count = column.length;
  const high = new Uint32Array(count);
  const words = new Uint32Array(2);
  const double = new Float64Array(words.buffer);
  for (let row = 0; row < count; row++) {
    double[0] = (column[row] as number) + 0; // Makes 0 of -0.
    const word = words[1] as number;
    // Turns sign and magnitude into an order: negative ones are mirrored.
    high[row] = word >>> 31 === 1 ? ~word : word | 0x80000000;
  }
  const { order, keys } = radixOrder(high);
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++)
    values[index] = column[order[index] as number] as number;
  settleLowBits(order, values, keys);
  return { order, values };
}

/** Row numbers in the order of 32-bit keys, stable, and the keys in that order. */
function radixOrder(keys: Uint32Array): { order: Int32Array; keys: Uint32Array } {
  const count = keys.length;
  let from = new Int32Array(count);
  let to = new Int32Array(count);
  let fromKeys = keys.slice();
  let toKeys = new Uint32Array(count);
  for (let row = 0; row < count; row++) from[row] = row;
  for (let shift = 0; shift < 32; shift += digitBits) {
    const starts = new Int32Array(buckets + 1);
    for (let i = 0; i < count; i++) {
      const slot = (((fromKeys[i] as number) >>> shift) & (buckets - 1)) + 1;
      starts[slot] = (starts[slot] as number) + 1;
    }
    if (starts.includes(count)) continue; // All have the same digit.
    for (let slot = 1; slot <= buckets; slot++) {
      starts[slot] = (starts[slot] as number) + (starts[slot - 1] as number);
    }
    for (let i = 0; i < count; i++) {
      const key = fromKeys[i] as number;
      const digit = (key >>> shift) & (buckets - 1);
      const place = starts[digit] as number;
      starts[digit] = place + 1;
      to[place] = from[i] as number;
      toKeys[place] = key;
    }
    [from, to] = [to, from];
    [fromKeys, toKeys] = [toKeys, fromKeys];
  }
  return { order: from, keys: fromKeys };
}

/** Puts stretches with the same upper half of their bits in full order. */
function settleLowBits(order: Int32Array, values: Float64Array, keys: Uint32Array): void {
  const count = order.length;
  let start = 0;
  while (start < count) {
    const key = keys[start];
    let end = start + 1;
    let isSorted = true;
    while (end < count && keys[end] === key) {
      if ((values[end] as number) < (values[end - 1] as number)) isSorted = false;
      end++;
    }
    if (!isSorted) {
      if (end - start <= fewRows) insertionSort(order, values, { start, end });
      else comparisonSort(order, values, { start, end });
    }
    start = end;
  }
}

/** Up to here moving one by one is quicker than making objects. */
const fewRows = 32;

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function insertionSort(order: Int32Array, values: Float64Array, { start, end }: Stretch): void {
  for (let i = start + 1; i < end; i++) {
    const value = values[i] as number;
    const row = order[i] as number;
    let place = i;
    for (; place > start && (values[place - 1] as number) > value; place--) {
      values[place] = values[place - 1] as number;
      order[place] = order[place - 1] as number;
    }
    values[place] = value;
    order[place] = row;
  }
}

function comparisonSort(order: Int32Array, values: Float64Array, { start, end }: Stretch): void {
  const pairs = Array.from({ length: end - start }, (_, index) => ({
    row: order[start + index] as number,
    value: values[start + index] as number,
  }));
  pairs.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.row - b.row));
  for (const [index, { row, value }] of pairs.entries()) {
    order[start + index] = row;
    values[start + index] = value;
  }
}
