/** Bytes of one or more fields of a protobuf message. */
export type Bytes = Uint8Array;

const lengthDelimited = 2;

/** A field that holds a whole number, at least 0. */
export function numberField(field: number, value: number): Bytes {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A field that holds text, bytes or a message. */
export function bytesField(field: number, value: string | Bytes): Bytes {
  const content = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return join([
    Uint8Array.from([...varint(field * 8 + lengthDelimited), ...varint(content.length)]),
    content,
  ]);
}

/** A field that repeats, as one text, bytes or message after the other. */
export function repeatedField(field: number, values: readonly (string | Bytes)[]): Bytes {
  return join(values.map((value) => bytesField(field, value)));
}

/** A field of many whole numbers, packed. */
export function numbersField(field: number, values: Iterable<number>): Bytes {
  const packed: number[] = [];
  for (const value of values) for (const byte of varint(value)) packed.push(byte);
  return bytesField(field, Uint8Array.from(packed));
}

/** The parts one after the other: a message is its fields. */
export function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
