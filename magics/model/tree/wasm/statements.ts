import { type Code, unsigned } from "./code.ts";
import { type Operand, operand, Value, type ValueType } from "./value.ts";

const noResult = 0x40;

/** Runs one of two lists of statements. */
export function when(condition: Value<"i32">, yes: Code, no: Code = []): Code {
  return [condition.code, 0x04, noResult, yes, ...(no.length > 0 ? [0x05, no] : []), 0x0b];
}

/** Runs the statements as long as the condition holds. */
export function repeat(condition: Value<"i32">, body: Code): Code {
  // Asked once before and then at the end: one jump for each turn.
  const loop = [0x03, noResult, body, condition.code, 0x0d, ...unsigned(0), 0x0b];
  return when(condition, loop);
}

/** The numbers from `start` on that are less than `end`, one after the other in `index`. */
export interface Range {
  readonly index: Variable<"i32">;
  readonly start: Operand<"i32">;
  readonly end: Operand<"i32">;
}

export function range(index: Variable<"i32">, start: Operand<"i32">, end: Operand<"i32">): Range {
  return { index, start, end };
}

/** Runs the statements for each number of a range. */
export function count({ index, start, end }: Range, body: Code): Code {
  return [index.set(start), repeat(index.lt(end), [body, index.set(index.add(1))])];
}

/** Ends the function with a value. */
export function result(value: Value<ValueType>): Code {
  return [value.code, 0x0f];
}

/** Ends a function that gives nothing. */
export const leave: Code = [0x0f];

/** Copies bytes; the two stretches may overlap. */
export function copyBytes(to: Value<"i32">, from: Value<"i32">, length: Value<"i32">): Code {
  return [to.code, from.code, length.code, 0xfc, ...unsigned(10), 0, 0];
}

/** Sets bytes to zero. */
export function clearBytes(at: Value<"i32">, length: Value<"i32">): Code {
  return [at.code, operand("i32", 0), length.code, 0xfc, ...unsigned(11), 0];
}

/** A local or global variable. */
export class Variable<T extends ValueType> extends Value<T> {
  readonly #setter: Code;

  constructor(type: T, access: { readonly get: Code; readonly set: Code }) {
    super(type, access.get);
    this.#setter = access.set;
  }

  set(value: Operand<T>): Code {
    return [operand(this.type, value), this.#setter];
  }
}
