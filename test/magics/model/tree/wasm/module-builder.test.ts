import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryArray } from "../../../../../magics/model/tree/wasm/memory-array.ts";
import { ModuleBuilder } from "../../../../../magics/model/tree/wasm/module-builder.ts";
import {
  clearBytes,
  copyBytes,
  count,
  leave,
  range,
  repeat,
  result,
  when,
} from "../../../../../magics/model/tree/wasm/statements.ts";
import { constant, select } from "../../../../../magics/model/tree/wasm/value.ts";
import { WebAssembly } from "../../../../../magics/model/tree/wasm/web-assembly.ts";

function load<Functions>(module: ModuleBuilder) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const compiled = new WebAssembly.Module(module.bytes());
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  return { functions: exports as Functions, memory }; // As the test has defined them.
}

test("constants of every length keep their value", () => {
  const module = new ModuleBuilder();
  const ints = [0, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)];
  const longs = [0n, -1n, 2n ** 31n, -(2n ** 63n), 2n ** 63n - 1n];
  const doubles = [0, -0, 0.1, 5e-324, Infinity, Number.NaN];
  for (const [type, values] of [
    ["i32", ints],
    ["i64", longs],
    ["f64", doubles],
  ] as const) {
    for (const [index, value] of values.entries()) {
      const shape = { parameters: {}, gives: type };
      module.define(`${type}${index}`, shape, () => result(constant(type, value)));
    }
  }
  const { functions } = load<Record<string, () => number | bigint>>(module);
  assert.deepEqual(
    ints.map((_, index) => functions[`i32${index}`]?.()),
    ints,
  );
  assert.deepEqual(
    longs.map((_, index) => functions[`i64${index}`]?.()),
    longs,
  );
  assert.deepEqual(
    doubles.map((_, index) => functions[`f64${index}`]?.()),
    doubles,
  );
});

test("loops, branches and calls give the greatest common divisor", () => {
  const module = new ModuleBuilder();
  const parameters = { a: "i32", b: "i32" } as const;
  const rest = module.define("rest", { parameters, gives: "i32" }, ({ a, b }) => [
    repeat(a.ge(b), a.set(a.sub(b))),
    result(a),
  ]);
  module.define("divisor", { parameters, gives: "i32" }, ({ a, b }, scope) => {
    const kept = scope.local("i32");
    return [
      when(a.eq(0), result(b)),
      repeat(b.ne(0), [kept.set(b), b.set(rest.of({ a, b })), a.set(kept)]),
      result(a),
    ];
  });
  const { functions } = load<{ divisor(a: number, b: number): number }>(module);
  assert.equal(functions.divisor(1071, 462), 21);
  assert.equal(functions.divisor(0, 5), 5);
  assert.equal(functions.divisor(17, 4), 1);
});

test("arrays, globals, copies and clearings work on the imported memory", () => {
  const module = new ModuleBuilder();
  const total = module.global("f64");
  const numbers = new MemoryArray("f64", constant("i32", 64));
  module.procedure("add", { rows: "i32" }, ({ rows }, scope) => {
    const index = scope.local("i32");
    return [
      when(rows.eq(0), leave),
      count(range(index, 0, rows), total.set(total.add(numbers.at(index)))),
      numbers.set(rows, total),
      copyBytes(constant("i32", 0), numbers.addressOf(rows), constant("i32", 8)),
      clearBytes(constant("i32", 64), rows.shl(3)),
    ];
  });
  module.define("total", { parameters: {}, gives: "f64" }, () => result(total));
  const { functions, memory } = load<{ add(rows: number): void; total(): number }>(module);
  const view = new Float64Array(memory.buffer);
  view.set([1.5, 2.5, 4], 8);
  functions.add(3);
  assert.deepEqual([...view.subarray(8, 12)], [0, 0, 0, 8]);
  assert.equal(view[0], 8);
  functions.add(0);
  assert.equal(functions.total(), 8);
});

test("numbers are compared with their sign, cut, widened and read as bits", () => {
  const module = new ModuleBuilder();
  module.define("pick", { parameters: { a: "i32" }, gives: "f64" }, ({ a }) =>
    result(select(a.lt(0), a.toDouble().div(2).abs(), a.toLong().shl(33).toDouble())),
  );
  module.define("whole", { parameters: { a: "f64" }, gives: "i32" }, ({ a }) =>
    result(a.floor().toInt().add(a.bits().shr(63).toInt()).xor(1).not()),
  );
  module.define("next", { parameters: { a: "f64" }, gives: "f64" }, ({ a }) =>
    result(a.bits().add(1).asDouble()),
  );
  const { functions } = load<Record<"pick" | "whole" | "next", (a: number) => number>>(module);
  assert.equal(functions.pick(-3), 1.5);
  assert.equal(functions.pick(3), 3 * 2 ** 33);
  assert.equal(functions.whole(1.5), 1);
  assert.equal(functions.whole(-1.5), 0);
  assert.equal(functions.next(1), 1 + 2 ** -52);
});

test("an operator that a type does not have is refused", () => {
  assert.throws(() => constant("f64", 1).and(2), { name: "TypeError", message: "f64 has no and" });
});
