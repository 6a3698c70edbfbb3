import { type Code, double, signed } from "./code.ts";

export type ValueType = "i32" | "i64" | "f64";

/** A number stands for the constant of the type that is needed. */
export type Operand<T extends ValueType> = Value<T> | number;

type Operator = keyof (typeof operators)["i32"];

const operators = {
  i32: {
    add: 0x6a,
    sub: 0x6b,
    mul: 0x6c,
    and: 0x71,
    or: 0x72,
    xor: 0x73,
    shl: 0x74,
    shr: 0x76,
    eq: 0x46,
    ne: 0x47,
    lt: 0x48,
    gt: 0x4a,
    le: 0x4c,
    ge: 0x4e,
  },
  i64: {
    add: 0x7c,
    sub: 0x7d,
    mul: 0x7e,
    and: 0x83,
    or: 0x84,
    xor: 0x85,
    shl: 0x86,
    shr: 0x88,
    eq: 0x51,
    ne: 0x52,
    lt: 0x53,
    gt: 0x55,
    le: 0x57,
    ge: 0x59,
  },
  f64: {
    add: 0xa0,
    sub: 0xa1,
    mul: 0xa2,
    eq: 0x61,
    ne: 0x62,
    lt: 0x63,
    gt: 0x64,
    le: 0x65,
    ge: 0x66,
  },
} as const;

/** An expression: the code that leaves one value of a type on WebAssembly's stack. */
export class Value<T extends ValueType> {
  readonly type: T;
  readonly code: Code;

  constructor(type: T, code: Code) {
    this.type = type;
    this.code = code;
  }

  add(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("add", other));
  }

  sub(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("sub", other));
  }

  mul(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("mul", other));
  }

  div(this: Value<"f64">, other: Operand<"f64">): Value<"f64"> {
    return new Value("f64", [this.code, operand("f64", other), 0xa3]);
  }

  max(this: Value<"f64">, other: Operand<"f64">): Value<"f64"> {
    return new Value("f64", [this.code, operand("f64", other), 0xa5]);
  }

  and(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("and", other));
  }

  or(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("or", other));
  }

  xor(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("xor", other));
  }

  shl(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("shl", other));
  }

  /** Zeros come in from the left. */
  shr(other: Operand<T>): Value<T> {
    return new Value(this.type, this.#apply("shr", other));
  }

  /** The sign comes in from the left. */
  shrSigned(this: Value<"i64">, other: Operand<"i64">): Value<"i64"> {
    return new Value("i64", [this.code, operand("i64", other), 0x87]);
  }

  eq(other: Operand<T>): Value<"i32"> {
    return new Value("i32", this.#apply("eq", other));
  }

  ne(other: Operand<T>): Value<"i32"> {
    return new Value("i32", this.#apply("ne", other));
  }

  lt(other: Operand<T>): Value<"i32"> {
    return new Value("i32", this.#apply("lt", other));
  }

  gt(other: Operand<T>): Value<"i32"> {
    return new Value("i32", this.#apply("gt", other));
  }

  le(other: Operand<T>): Value<"i32"> {
    return new Value("i32", this.#apply("le", other));
  }

  ge(other: Operand<T>): Value<"i32"> {
    return new Value("i32", this.#apply("ge", other));
  }

  not(this: Value<"i32">): Value<"i32"> {
    return new Value("i32", [this.code, 0x45]);
  }

  abs(this: Value<"f64">): Value<"f64"> {
    return new Value("f64", [this.code, 0x99]);
  }

  floor(this: Value<"f64">): Value<"f64"> {
    return new Value("f64", [this.code, 0x9c]);
  }

  sqrt(this: Value<"f64">): Value<"f64"> {
    return new Value("f64", [this.code, 0x9f]);
  }

  /** The nearest double of a signed number. */
  toDouble(this: Value<"i32"> | Value<"i64">): Value<"f64"> {
    return new Value("f64", [this.code, this.type === "i32" ? 0xb7 : 0xb9]);
  }

  /** The lower half of 64 bits, or a double's whole part. */
  toInt(this: Value<"i64"> | Value<"f64">): Value<"i32"> {
    return new Value("i32", [this.code, this.type === "i64" ? 0xa7 : 0xaa]);
  }

  /** 64 bits of which the upper half is zero. */
  toLong(this: Value<"i32">): Value<"i64"> {
    return new Value("i64", [this.code, 0xad]);
  }

  /** A double's bits. */
  bits(this: Value<"f64">): Value<"i64"> {
    return new Value("i64", [this.code, 0xbd]);
  }

  /** The double that has these bits. */
  asDouble(this: Value<"i64">): Value<"f64"> {
    return new Value("f64", [this.code, 0xbf]);
  }

  #apply(operator: Operator, other: Operand<T>): Code {
    const codes: Partial<Record<Operator, number>> = operators[this.type];
    const code = codes[operator];
    if (code === undefined) throw new TypeError(`${this.type} has no ${operator}`);
    return [this.code, operand(this.type, other), code];
  }
}

/** The code of an operand. */
export function operand<T extends ValueType>(type: T, value: Operand<T>): Code {
  return typeof value === "number" ? constant(type, value).code : value.code;
}

/** A constant. */
export function constant<T extends ValueType>(type: T, value: number | bigint): Value<T> {
  if (type === "f64") return new Value(type, [0x44, ...double(Number(value))]);
  return new Value(type, [type === "i32" ? 0x41 : 0x42, ...signed(value)]);
}

/** One of two values, both of which are computed. */
export function select<T extends ValueType>(
  condition: Value<"i32">,
  yes: Value<T>,
  no: Value<T>,
): Value<T> {
  return new Value(yes.type, [yes.code, no.code, condition.code, 0x1b]);
}
