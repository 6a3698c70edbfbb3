// Indices are within bounds throughout; `as number` says so to the compiler.
/** What each training row is to be told apart by: its class, or a number. */
export type Outcome =
  | { readonly codes: Uint16Array; readonly classCount: number }
  | { readonly values: Float64Array };

/**
 * The categories in an order in which a cut parts them well: by the mean of the target, or for
 * classes by the first principal component of their class shares (with two classes: by the share
 * of the second). `codes` are the training rows' categories, -1 for missing. Ties keep the given order.
 */
export function orderCategories(codes: Int32Array, count: number, outcome: Outcome): number[] {
  const scores =
    "values" in outcome ? means(codes, count, outcome.values) : components(codes, count, outcome);
  return Array.from({ length: count }, (_, code) => code).sort(
    (a, b) => (scores[a] as number) - (scores[b] as number) || a - b,
  );
}

function means(codes: Int32Array, count: number, values: Float64Array): number[] {
  const sums = new Float64Array(count);
  const rows = new Float64Array(count);
  let total = 0;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    const value = values[row] as number;
    total += value;
    if (code < 0) continue;
    sums[code] = (sums[code] as number) + value;
    rows[code] = (rows[code] as number) + 1;
  }
  const mean = total / codes.length;
  return Array.from(sums, (sum, code) => (rows[code] === 0 ? mean : sum / (rows[code] as number)));
}

function components(
  codes: Int32Array,
  count: number,
  { codes: labels, classCount }: Extract<Outcome, { classCount: number }>,
): number[] {
  const shares = Array.from({ length: count }, () => new Float64Array(classCount));
  const rows = new Float64Array(count);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    if (code < 0) continue;
    const counts = shares[code] as Float64Array;
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + 1;
    rows[code] = (rows[code] as number) + 1;
  }
  const mean = new Float64Array(classCount);
  for (const counts of shares)
    for (let c = 0; c < classCount; c++) mean[c] = (mean[c] as number) + (counts[c] as number);
  const total = rows.reduce((sum, size) => sum + size, 0) || 1;
  for (let c = 0; c < classCount; c++) mean[c] = (mean[c] as number) / total;
  for (const [code, counts] of shares.entries()) {
    const size = rows[code] as number;
    // A category the training rows do not have counts as an average one.
    for (let c = 0; c < classCount; c++)
      counts[c] = size === 0 ? 0 : (counts[c] as number) / size - (mean[c] as number);
  }
  const direction = principalDirection(shares, rows, classCount);
  return shares.map((share) => dot(share, direction));
}

/** By power iteration from a fixed start, so that it is the same everywhere. */
function principalDirection(
  points: readonly Float64Array[],
  weights: Float64Array,
  size: number,
): Float64Array {
  let direction = Float64Array.from({ length: size }, (_, index) => index + 1);
  for (let round = 0; round < 64; round++) {
    const next = new Float64Array(size);
    for (const [index, point] of points.entries()) {
      const factor = (weights[index] as number) * dot(point, direction);
      for (let c = 0; c < size; c++) next[c] = (next[c] as number) + factor * (point[c] as number);
    }
    const norm = Math.sqrt(dot(next, next));
    if (norm === 0) break;
    direction = next.map((part) => part / norm);
  }
  // Towards the later classes, so that the order does not turn round by chance.
  return (direction[size - 1] as number) < 0 ? direction.map((part) => -part) : direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}
