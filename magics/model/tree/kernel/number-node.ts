import { MemoryArray } from "../wasm/memory-array.ts";
import type { Giver, ModuleBuilder, Scope } from "../wasm/module-builder.ts";
import { count, range, result, type Variable } from "../wasm/statements.ts";
import type { Value } from "../wasm/value.ts";
import type { Tally } from "./careful-scan.ts";
import type { Frame } from "./frame.ts";
import type { Search } from "./search.ts";

/** A node's targets, taken in the order of the rows, as ml-cart adds them. */
export interface NumberNode {
  readonly mean: Variable<"f64">;
  /** Sum of the targets less the mean. */
  readonly total: Variable<"f64">;
  /** The rows in their own order: the column after the features. */
  readonly byRow: MemoryArray<"i64">;
  /** The mean of the targets from a place to before another. */
  readonly meanOf: Giver<{ start: "i32"; end: "i32" }, "f64">;
}

/** What the scans of a regression are made with. */
export interface NumberParts {
  readonly frame: Frame;
  readonly search: Search;
  readonly node: NumberNode;
}

/** Defines `orderRows` and `mean`, and what else a node knows of its targets. */
export function defineNumberNode(module: ModuleBuilder, frame: Frame): NumberNode {
  const byRow = new MemoryArray("i64", frame.entriesOf(frame.layout.columns));
  defineOrderRows(module, frame, byRow);
  const meanOf = defineMean(module, frame, byRow);
  return { mean: module.global("f64"), total: module.global("f64"), byRow, meanOf };
}

/** Sum of the centred targets on the left. */
export function numberTally(
  { frame, search, node }: NumberParts,
  scope: Scope,
): Tally & { readonly left: Value<"f64"> } {
  const { left, right } = scope.locals("f64", ["left", "right"]);
  const targetOf = (entry: Value<"i64">) => frame.targets.at(frame.row(entry));
  return {
    left,
    begin: left.set(0),
    take: (entry) => left.set(left.add(targetOf(entry).sub(node.mean))),
    differs: (entry, next) => targetOf(entry).ne(targetOf(next)),
    score: (position) => {
      const rest = node.total.sub(left);
      return left
        .mul(left)
        .div(position.sub(search.start).toDouble())
        .add(rest.mul(rest).div(search.end.sub(position).toDouble()));
    },
  };
}

/** `mean(start, end)` of a node's targets. */
function defineMean(module: ModuleBuilder, frame: Frame, byRow: MemoryArray<"i64">) {
  const parameters = { start: "i32", end: "i32" } as const;
  return module.define("mean", { parameters, gives: "f64" }, ({ start, end }, scope) => {
    const i = scope.local("i32");
    const sum = scope.local("f64");
    return [
      count(range(i, start, end), sum.set(sum.add(frame.targets.at(frame.row(byRow.at(i)))))),
      result(sum.div(end.sub(start).toDouble())),
    ];
  });
}

/** `orderRows()` fills the column after the features with all rows in their own order. */
function defineOrderRows(module: ModuleBuilder, frame: Frame, byRow: MemoryArray<"i64">): void {
  module.procedure("orderRows", {}, (_, scope) => {
    const i = scope.local("i32");
    return [count(range(i, 0, frame.layout.rows), byRow.set(i, i.toLong()))];
  });
}
