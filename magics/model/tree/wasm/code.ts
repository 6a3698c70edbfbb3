/** WebAssembly's bytes, nested as the expressions are that they come from. */
export type Code = readonly (number | Code | SizedCode)[];

/** Code with its length in bytes in front. */
export interface SizedCode {
  readonly sized: Code;
}

/** All bytes of `code`, in order. */
export function flatten(code: Code): number[] {
  const bytes: number[] = [];
  append(bytes, code);
  return bytes;
}

function append(bytes: number[], code: Code): void {
  for (let index = 0; index < code.length; index++) {
    const part = code[index] as Code[number]; // Within bounds.
    if (typeof part === "number") bytes.push(part);
    else if ("sized" in part) appendSized(bytes, part.sized);
    else append(bytes, part);
  }
}

/** The length takes five bytes, however small it is: so it can be filled in afterwards. */
function appendSized(bytes: number[], code: Code): void {
  const start = bytes.push(0, 0, 0, 0, 0);
  append(bytes, code);
  const length = bytes.length - start;
  for (let index = 0; index < 5; index++) {
    bytes[start - 5 + index] = ((length >>> (index * 7)) & 127) | (index < 4 ? 128 : 0);
  }
}

/** LEB128 of a whole number from 0. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return bytes;
}

/** LEB128 of a whole number with a sign; `value` may have more than 32 bits. */
export function signed(value: number | bigint): number[] {
  if (typeof value === "bigint" || !isSmall(value)) return signedBig(BigInt(value));
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest & 127);
  return bytes;
}

function isSmall(value: number): boolean {
  return (value | 0) === value;
}

function signedBig(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest & 127n));
  return bytes;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The eight bytes of a double. */
export function double(value: number): number[] {
  scratch.setFloat64(0, value, true);
  return Array.from(new Uint8Array(scratch.buffer));
}

/** A list as WebAssembly has it: its length, then its items. */
export function list(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}
