import { MemoryArray } from "../wasm/memory-array.ts";
import type { Giver, ModuleBuilder } from "../wasm/module-builder.ts";
import { count, range, result, when } from "../wasm/statements.ts";
import { constant, type Value } from "../wasm/value.ts";
import type { Frame } from "./frame.ts";
import { defineRepeatedSum } from "./repeated-sum.ts";

type Impurity = Giver<{ rows: "i32" }, "f64">;

/** A node's counts by class, and gini impurities with ml-cart's own order of operations. */
export interface ClassNode {
  readonly counts: MemoryArray<"i32">;
  readonly countsAt: ReturnType<typeof slotOf>;
  /** Of all rows, of the rows that are counted in `probe`, and of the others. */
  readonly whole: Impurity;
  readonly left: Impurity;
  readonly right: Impurity;
}

const slotOf = (module: ModuleBuilder) => module.global("i32");

/** Defines what ml-cart computes of a node's classes. */
export function defineClassNode(module: ModuleBuilder, frame: Frame): ClassNode {
  const { classes } = frame.layout;
  const { probe } = frame;
  const countsAt = slotOf(module);
  const counts = new MemoryArray("i32", countsAt);
  const repeatedSum = defineRepeatedSum(module);
  const impurity = (name: string, countOf: (label: Value<"i32">) => Value<"i32">) =>
    module.define(name, { parameters: { rows: "i32" }, gives: "f64" }, ({ rows }, scope) => {
      const label = scope.local("i32");
      const { share, sum, step } = scope.locals("f64", ["share", "sum", "step"]);
      return [
        when(rows.eq(0), result(constant("f64", 0))),
        step.set(constant("f64", 1).div(rows.toDouble())),
        count(range(label, 0, classes), [
          share.set(repeatedSum.of({ step, times: countOf(label) })),
          sum.set(sum.add(share.mul(share))),
        ]),
        result(constant("f64", 1).sub(sum)),
      ];
    });
  return {
    counts,
    countsAt,
    whole: impurity("wholeImpurity", (label) => counts.at(label)),
    left: impurity("leftImpurity", (label) => probe.at(label)),
    right: impurity("rightImpurity", (label) => counts.at(label).sub(probe.at(label))),
  };
}
