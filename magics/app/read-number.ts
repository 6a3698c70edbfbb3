/** Powers of ten that are whole numbers without rounding. */
const tens = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const [minus, point, zero, bigE, smallE] = [0x2d, 0x2e, 0x30, 0x45, 0x65] as const;

/**
 * Reads the JSON number that begins at `start` into `values[place]`, as JSON.parse has it to the
 * last bit. Gives the place after it, or -1 where there is none that is finite.
 */
export function readNumber(
  bytes: Buffer,
  start: number,
  values: Float64Array,
  place: number,
): number {
  let at = bytes[start] === minus ? start + 1 : start;
  const first = at;
  let digit = digitAt(bytes, at);
  // Nine digits and nine digits: whole numbers of 32 bits, which are counted fastest.
  let high = 0;
  const wholeEnd = at + 9;
  while (at < wholeEnd && digit >= 0 && digit <= 9) {
    high = (high * 10 + digit) | 0;
    digit = digitAt(bytes, ++at);
  }
  const wholeDigits = at - first;
  if (wholeDigits === 0 || (bytes[first] === zero && wholeDigits > 1)) return -1;
  let low = 0;
  let lowDigits = 0;
  let decimals = 0;
  if (digit === point - zero) {
    digit = digitAt(bytes, ++at);
    const afterPoint = at;
    if (!(digit >= 0 && digit <= 9)) return -1;
    if (high === 0) while (digit === 0) digit = digitAt(bytes, ++at);
    const highEnd = at + (high === 0 ? 9 : 9 - wholeDigits);
    while (at < highEnd && digit >= 0 && digit <= 9) {
      high = (high * 10 + digit) | 0;
      digit = digitAt(bytes, ++at);
    }
    const lowStart = at;
    const lowEnd = at + 9;
    while (at < lowEnd && digit >= 0 && digit <= 9) {
      low = (low * 10 + digit) | 0;
      digit = digitAt(bytes, ++at);
    }
    lowDigits = at - lowStart;
    decimals = at - afterPoint;
  }
  const isLonger = digit >= 0 && digit <= 9;
  const size =
    isLonger || digit === smallE - zero || digit === bigE - zero || decimals >= tens.length
      ? Number.NaN
      : divide(high * (tens[lowDigits] as number), low, decimals);
  if (size !== size) return readAny(bytes, start, values, place);
  values[place] = first === start ? size : -size;
  return at;
}

function digitAt(bytes: Buffer, at: number): number {
  return (bytes[at] as number) - zero; // Past the end it is NaN, which is no digit.
}

const numberEnd = /[^\d.eE+-]/;

/** Any JSON number, more slowly. */
function readAny(bytes: Buffer, start: number, values: Float64Array, place: number): number {
  let end = start;
  while (end < bytes.length && !numberEnd.test(String.fromCharCode(bytes[end] as number))) end++;
  const text = bytes.toString("latin1", start, end);
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
  const value = isNumber ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return -1;
  values[place] = value;
  return end;
}

/** 2 ** 27 + 1: splits a double into two halves, whose products are exact (Dekker). */
const splitter = 134_217_729;
const upperTens = tens.map(upperHalf);
const tenths = tens.map((power) => 1 / power);

/**
 * The double next to `(high + low) / 10 ** decimals`, or NaN where that is not certain. All are
 * whole numbers without rounding; `high` is 0 or larger than `low`.
 */
function divide(high: number, low: number, decimals: number): number {
  const power = tens[decimals] as number; // The caller stays within the tables.
  const sum = high + low;
  const rest = low - (sum - high);
  const quotient = sum / power;
  // Of exact operands one operation rounds right.
  if (rest === 0) return quotient;
  const bigQuotient = upperHalf(quotient);
  const smallQuotient = quotient - bigQuotient;
  const bigPower = upperTens[decimals] as number;
  const smallPower = power - bigPower;
  const product = quotient * power;
  const lost =
    smallQuotient * smallPower -
    (product - bigQuotient * bigPower - smallQuotient * bigPower - bigQuotient * smallPower);
  // `sum - quotient * power` without rounding; what follows is wrong by 2 ** -50 of itself at most.
  const correction = (sum - product - lost + rest) * (tenths[decimals] as number);
  const margin = correction * 2 ** -48;
  const nearest = quotient + (correction - margin);
  return nearest === quotient + (correction + margin) ? nearest : Number.NaN;
}

function upperHalf(value: number): number {
  const scaled = value * splitter;
  return scaled - (scaled - value);
}
