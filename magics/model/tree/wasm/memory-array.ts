import { type Code, unsigned } from "./code.ts";
import { type Operand, operand, Value, type ValueType } from "./value.ts";

const kinds = {
  u8: { type: "i32", shift: 0, load: 0x2d, store: 0x3a },
  u16: { type: "i32", shift: 1, load: 0x2f, store: 0x3b },
  i32: { type: "i32", shift: 2, load: 0x28, store: 0x36 },
  i64: { type: "i64", shift: 3, load: 0x29, store: 0x37 },
  f64: { type: "f64", shift: 3, load: 0x2b, store: 0x39 },
} as const;

type Kind = keyof typeof kinds;
type TypeOf<K extends Kind> = (typeof kinds)[K]["type"];

/** Items of one kind in the memory, from an address on. */
export class MemoryArray<K extends Kind> {
  readonly #kind: K;
  readonly #start: Value<"i32">;

  constructor(kind: K, start: Value<"i32">) {
    this.#kind = kind;
    this.#start = start;
  }

  at(index: Operand<"i32">): Value<TypeOf<K>> {
    const { type, load } = kinds[this.#kind];
    const { address, access } = this.#place(index);
    return new Value<TypeOf<K>>(type, [address, load, access]);
  }

  set(index: Operand<"i32">, value: Operand<TypeOf<K>>): Code {
    const { type, store } = kinds[this.#kind];
    const { address, access } = this.#place(index);
    return [address, operand<ValueType>(type, value), store, access];
  }

  /** The address of an item. */
  addressOf(index: Value<"i32">): Value<"i32"> {
    const { shift } = kinds[this.#kind];
    return this.#start.add(shift === 0 ? index : index.shl(shift));
  }

  /** An address, and what an access tells of it: its alignment and how much is to be added. */
  #place(index: Operand<"i32">): { readonly address: Code; readonly access: Code } {
    const { shift } = kinds[this.#kind];
    if (typeof index !== "number") {
      return { address: this.addressOf(index).code, access: [shift, 0] };
    }
    return { address: this.#start.code, access: [shift, unsigned(index << shift)] };
  }
}
