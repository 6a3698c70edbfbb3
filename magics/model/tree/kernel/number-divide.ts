import type { Callee, ModuleBuilder } from "../wasm/module-builder.ts";
import { when } from "../wasm/statements.ts";
import type { Value } from "../wasm/value.ts";
import type { Frame } from "./frame.ts";
import { divideParameters, type PartitionParameters } from "./partition.ts";

/**
 * `divide(column, start, middle, end, slot, least)` partitions the columns; only the rows in
 * their own order where both parts have `least` rows or fewer.
 */
export function defineNumberDivide(
  module: ModuleBuilder,
  frame: Frame,
  partition: Callee<PartitionParameters>,
): void {
  const { columns } = frame.layout;
  module.procedure("divide", divideParameters, ({ column, start, middle, end, least }, scope) => {
    const first = scope.local("i32");
    const isDone = (rows: Value<"i32">) => rows.toDouble().le(least);
    return [
      when(isDone(middle.sub(start)).and(isDone(end.sub(middle))), first.set(columns)),
      partition.call({ column, start, middle, end, first, last: columns.add(1) }),
    ];
  });
}
