import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import type { Variable } from "../wasm/statements.ts";
import { constant, type Operand, operand, Value } from "../wasm/value.ts";
import type { Layout } from "./layout.ts";

/** What all functions of the kernel know: sizes, addresses, and how an entry is packed. */
export type Frame = ReturnType<typeof createFrame>;

const fields = [
  "rows",
  "columns",
  "classes",
  "labelShift",
  "rankShift",
  "histogramAt",
  "plainAt",
  "columnBestAt",
  "leftAt",
  "probeAt",
  "bestLeftAt",
  "entriesAt",
  "distinctAt",
  "sourceAt",
  "spareAt",
  "goesLeftAt",
  "targetsAt",
  "slotsAt",
] as const satisfies readonly (keyof Layout)[];

type PerField<T> = Record<(typeof fields)[number], T>;

/** The arguments of `configure`, in its order. */
export function configuration(layout: Layout): number[] {
  return fields.map((field) => layout[field]);
}

/**
 * Declares the kernel's variables, and `configure`, which sets them. A sorted column is a list of
 * entries of 64 bits: on top the value's rank among the column's distinct values, then the row's
 * class, below it the row's number.
 */
export function createFrame(module: ModuleBuilder) {
  const perField = <T>(make: () => T) =>
    Object.fromEntries(fields.map((field) => [field, make()])) as PerField<T>;
  const layout = perField(() => module.global("i32")) satisfies PerField<Variable<"i32">>;
  const labelShift = module.global("i64");
  const rankShift = module.global("i64");
  const labelMask = module.global("i64");
  const rowMask = module.global("i64");
  module.procedure(
    "configure",
    perField(() => "i32" as const),
    (given) => [
      ...fields.map((field) => layout[field].set(given[field])),
      labelShift.set(given.labelShift.toLong()),
      rankShift.set(given.rankShift.toLong()),
      rowMask.set(constant("i64", 1).shl(labelShift).sub(1)),
      labelMask.set(constant("i64", 1).shl(rankShift.sub(labelShift)).sub(1)),
    ],
  );
  const columnOf = (start: Value<"i32">, column: Operand<"i32">) =>
    start.add(new Value("i32", operand("i32", column)).mul(layout.rows).shl(3));
  return {
    layout,
    labelShift,
    labelMask,
    rankShift,
    entriesOf: (column: Operand<"i32">) => columnOf(layout.entriesAt, column),
    distinctOf: (column: Operand<"i32">) => columnOf(layout.distinctAt, column),
    rank: (entry: Value<"i64">) => entry.shr(rankShift).toInt(),
    label: (entry: Value<"i64">) => entry.shr(labelShift).and(labelMask).toInt(),
    row: (entry: Value<"i64">) => entry.and(rowMask).toInt(),
    histogram: new MemoryArray("i32", layout.histogramAt),
    plain: new MemoryArray("i32", layout.plainAt),
    columnBest: new MemoryArray("f64", layout.columnBestAt),
    left: new MemoryArray("i32", layout.leftAt),
    probe: new MemoryArray("i32", layout.probeAt),
    bestLeft: new MemoryArray("i32", layout.bestLeftAt),
    source: new MemoryArray("f64", layout.sourceAt),
    /** Of classification: each row's class, or of regression: each row's target. */
    labels: new MemoryArray("u16", layout.targetsAt),
    targets: new MemoryArray("f64", layout.targetsAt),
    goesLeft: new MemoryArray("u8", layout.goesLeftAt),
  };
}
