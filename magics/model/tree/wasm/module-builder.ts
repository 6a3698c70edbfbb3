import { type Code, flatten, list, unsigned } from "./code.ts";
import { Variable } from "./statements.ts";
import { constant, type Operand, operand, Value, type ValueType } from "./value.ts";

const typeCodes = { i32: 0x7f, i64: 0x7e, f64: 0x7c } as const;

type Parameters = Readonly<Record<string, ValueType>>;
type Locals<P extends Parameters> = { readonly [K in keyof P]: Variable<P[K]> };

/** What the statements of a function are made with. */
export interface Scope {
  /** Makes a local variable, which is zero at first. */
  local<T extends ValueType>(type: T): Variable<T>;
  /** Several of one type. */
  locals<T extends ValueType, N extends string>(
    type: T,
    names: readonly N[],
  ): Readonly<Record<N, Variable<T>>>;
}

/** A function of the module. */
export interface Callee<P extends Parameters> {
  /** Calls it for its effects. */
  call(values: { readonly [K in keyof P]: Operand<P[K]> }): Code;
}

/** A function that gives a value. */
export interface Giver<P extends Parameters, R extends ValueType> {
  of(values: { readonly [K in keyof P]: Operand<P[K]> }): Value<R>;
}

interface Written {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** Puts a WebAssembly module together that imports its memory and exports every function. */
export class ModuleBuilder {
  readonly #functions: Written[] = [];
  readonly #globals: ValueType[] = [];

  /** A variable of the whole module, zero at first. */
  global<T extends ValueType>(type: T): Variable<T> {
    const index = unsigned(this.#globals.push(type) - 1);
    return new Variable(type, { get: [0x23, ...index], set: [0x24, ...index] });
  }

  /** A function that gives nothing. */
  procedure<P extends Parameters>(
    name: string,
    parameters: P,
    body: (values: Locals<P>, scope: Scope) => Code,
  ): Callee<P> {
    const index = this.#add(name, { parameters, results: [] }, body);
    return { call: (values) => callCode(index, parameters, values) };
  }

  /** A function that gives a value. */
  define<P extends Parameters, R extends ValueType>(
    name: string,
    { parameters, gives }: { parameters: P; gives: R },
    body: (values: Locals<P>, scope: Scope) => Code,
  ): Giver<P, R> {
    const index = this.#add(name, { parameters, results: [gives] }, body);
    return { of: (values) => new Value(gives, callCode(index, parameters, values)) };
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const section = (id: number, items: readonly Code[]) => [id, { sized: list(items) }];
    const module = [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, functions.map(signature)),
      section(2, [[text("host"), text("memory"), 2, 0, 1]]),
      section(
        3,
        functions.map((_, index) => unsigned(index)),
      ),
      section(
        6,
        this.#globals.map((type) => [typeCodes[type], 1, constant(type, 0).code, 0x0b]),
      ),
      section(
        7,
        functions.map(({ name }, index) => [text(name), 0, ...unsigned(index)]),
      ),
      section(10, functions.map(definition)),
    ];
    return Uint8Array.from(flatten(module));
  }

  #add<P extends Parameters>(
    name: string,
    { parameters, results }: { parameters: P; results: readonly ValueType[] },
    body: (values: Locals<P>, scope: Scope) => Code,
  ): number {
    const types = Object.values(parameters);
    const locals: ValueType[] = [];
    const values = Object.fromEntries(
      Object.entries(parameters).map(([key, type], index) => [key, localVariable(type, index)]),
    ) as Locals<P>; // One for each of the keys.
    const local: Scope["local"] = (type) =>
      localVariable(type, types.length + locals.push(type) - 1);
    const scope: Scope = {
      local,
      locals: <T extends ValueType, N extends string>(type: T, names: readonly N[]) =>
        Object.fromEntries(names.map((name) => [name, local(type)])) as Record<N, Variable<T>>,
    };
    const code = body(values, scope);
    return this.#functions.push({ name, parameters: types, results, locals, body: code }) - 1;
  }
}

function localVariable<T extends ValueType>(type: T, index: number): Variable<T> {
  const place = unsigned(index);
  return new Variable(type, { get: [0x20, ...place], set: [0x21, ...place] });
}

function callCode<P extends Parameters>(
  index: number,
  parameters: P,
  values: { readonly [K in keyof P]: Operand<P[K]> },
): Code {
  const given = Object.entries(parameters).map(([key, type]) =>
    operand<ValueType>(type, values[key] as Operand<ValueType>),
  );
  return [...given, 0x10, ...unsigned(index)];
}

function signature({ parameters, results }: Written): Code {
  const types = (names: readonly ValueType[]) => list(names.map((name) => [typeCodes[name]]));
  return [0x60, types(parameters), types(results)];
}

function definition({ locals, body }: Written): Code {
  return [{ sized: [list(locals.map((type) => [1, typeCodes[type]])), body, 0x0b] }];
}

function text(value: string): Code {
  return list(Array.from(Buffer.from(value), (byte) => [byte]));
}
