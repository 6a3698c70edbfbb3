import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { repeat, result, when } from "../wasm/statements.ts";
import { select } from "../wasm/value.ts";

/** Below this adding one by one is quicker. */
const few = 8;

/**
 * What `times` additions of `step` to 0 give, to the last bit, for 0 < step ≤ 1. Within one binade
 * every addition, from the second on, adds the same multiple of the unit in the last place, so
 * whole stretches are jumped over.
 */
export function defineRepeatedSum(module: ModuleBuilder) {
  const parameters = { step: "f64", times: "i32" } as const;
  return module.define("repeatedSum", { parameters, gives: "f64" }, ({ step, times }, scope) => {
    const { sum, top, before, after, increment } = scope.locals("f64", [
      "sum",
      "top",
      "before",
      "after",
      "increment",
    ]);
    const { jumps, most } = scope.locals("i32", ["jumps", "most"]);
    const jump = [
      // `before` may have been reached by rounding half to even; the second addition is the rule.
      increment.set(after.sub(before)),
      jumps.set(top.sub(after).div(increment).floor().sub(1).toInt()),
      most.set(times.sub(2)),
      jumps.set(select(jumps.lt(most), jumps, most)),
      when(jumps.lt(0), jumps.set(0)),
      sum.set(after.add(increment.mul(jumps.toDouble()))),
      times.set(times.sub(jumps.add(2))),
    ];
    return [
      // The smallest power of two above a positive normal number.
      top.set(step.bits().shr(52).add(1).shl(52).asDouble()),
      repeat(times.gt(0), [
        sum.set(sum.add(step)),
        times.set(times.sub(1)),
        when(times.ge(few), [
          repeat(sum.ge(top), top.set(top.mul(2))),
          before.set(sum.add(step)),
          after.set(before.add(step)),
          when(
            before.lt(top),
            when(after.lt(top), jump, [sum.set(before), times.set(times.sub(1))]),
          ),
        ]),
      ]),
      result(sum),
    ];
  });
}
