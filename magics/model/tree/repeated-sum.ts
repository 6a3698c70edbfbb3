const scratch = new DataView(new ArrayBuffer(8));

/**
 * What `count` additions of `step` to 0 give, to the last bit, for 0 < step ≤ 1. Within one binade
 * every addition, from the second on, adds the same multiple of the unit in the last place, so
 * whole stretches are jumped over.
 */
export function repeatedSum(step: number, count: number): number {
  let sum = 0;
  let left = count;
  let top = nextPowerOfTwo(step);
  while (left > 0) {
    sum += step;
    left--;
    if (left < 8) continue;
    while (sum >= top) top *= 2;
    const before = sum + step;
    if (before >= top) continue;
    const after = before + step;
    if (after >= top) {
      sum = before;
      left--;
      continue;
    }
    // `before` may have been reached by rounding half to even; the second addition is the rule.
    const increment = after - before;
    const jumps = Math.min(Math.floor((top - after) / increment) - 1, left - 2);
    if (jumps < 1) {
      sum = after;
      left -= 2;
      continue;
    }
    sum = after + jumps * increment;
    left -= 2 + jumps;
  }
  return sum;
}

/** The smallest power of two above a positive normal number. */
function nextPowerOfTwo(value: number): number {
  scratch.setFloat64(0, value);
  const exponent = (scratch.getUint16(0) >> 4) & 0x7ff;
  scratch.setFloat64(0, 0);
  scratch.setUint16(0, (exponent + 1) << 4);
  return scratch.getFloat64(0);
}
