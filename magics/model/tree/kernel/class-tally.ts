import type { Scope } from "../wasm/module-builder.ts";
import { clearBytes } from "../wasm/statements.ts";
import type { Value } from "../wasm/value.ts";
import type { Tally } from "./careful-scan.ts";
import type { ClassNode } from "./class-node.ts";
import type { Frame } from "./frame.ts";
import type { Search } from "./search.ts";

/** What the scans of a classification are made with. */
export interface ClassParts {
  readonly frame: Frame;
  readonly search: Search;
  readonly node: ClassNode;
  /** Sum of the squares of the node's counts. */
  readonly squares: Value<"i64">;
}

/** Counts by class on the left, and the sums of their squares on both sides. */
export function classTally(
  { frame, search, node, squares }: ClassParts,
  scope: Scope,
): Tally & { readonly leftSquares: Value<"i64">; readonly rightSquares: Value<"i64"> } {
  const { classes, leftAt } = frame.layout;
  const { left } = frame;
  const { label, before } = scope.locals("i32", ["label", "before"]);
  const { leftSquares, rightSquares } = scope.locals("i64", ["leftSquares", "rightSquares"]);
  return {
    leftSquares,
    rightSquares,
    begin: [clearBytes(leftAt, classes.shl(2)), leftSquares.set(0), rightSquares.set(squares)],
    take: (entry) => [
      label.set(frame.label(entry)),
      before.set(left.at(label)),
      leftSquares.set(leftSquares.add(before.shl(1).add(1).toLong())),
      rightSquares.set(rightSquares.sub(node.counts.at(label).sub(before).shl(1).sub(1).toLong())),
      left.set(label, before.add(1)),
    ],
    differs: (entry, next) => frame.label(entry.xor(next)).ne(0),
    score: (position) =>
      leftSquares
        .toDouble()
        .div(position.sub(search.start).toDouble())
        .add(rightSquares.toDouble().div(search.end.sub(position).toDouble())),
  };
}
