import { notFound } from "../flat-tree.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { count, leave, range, when } from "../wasm/statements.ts";
import { defineCarefulScan } from "./careful-scan.ts";
import { defineClassJudge } from "./class-judge.ts";
import { defineClassNode } from "./class-node.ts";
import { defineClassScan } from "./class-scan.ts";
import { classTally } from "./class-tally.ts";
import { defineColumnSearch } from "./column-search.ts";
import type { Frame } from "./frame.ts";
import { definePairScan } from "./pair-scan.ts";
import { createSearch, roundoff } from "./search.ts";

/**
 * `bestSplit(start, end, slot)` leaves as the answer the split that ml-cart takes: the first with
 * the greatest gain. The node's counts by class are in its slot; none is found where all but one
 * are 0.
 */
export function defineClassSplit(module: ModuleBuilder, frame: Frame): void {
  const { classes, slotsAt } = frame.layout;
  const search = createSearch(module);
  const node = defineClassNode(module, frame);
  const squares = module.global("i64");
  const impurity = module.global("f64");
  const parts = { frame, search, node, squares };
  const judge = defineClassJudge(module, { frame, search, node, impurity });
  const { offer } = judge;
  const name = "carefulClassScan";
  const careful = defineCarefulScan(module, { frame, search, offer, name }, (scope) =>
    classTally(parts, scope),
  );
  const ofMany = defineClassScan(module, parts, offer);
  const ofTwo = definePairScan(module, parts, offer);
  const scan = module.procedure("plainScan", { column: "i32" }, ({ column }) =>
    when(classes.eq(2), ofTwo.call({ column }), ofMany.call({ column })),
  );
  const searchColumns = defineColumnSearch(module, { frame, search, scan, careful, ...judge });
  const parameters = { start: "i32", end: "i32", slot: "i32" } as const;
  module.procedure("bestSplit", parameters, ({ start, end, slot }, scope) => {
    const { label, rows } = scope.locals("i32", ["label", "rows"]);
    const size = scope.local("i64");
    const doubleRows = scope.local("f64");
    return [
      search.answer.column.set(0, notFound),
      search.answer.gain.set(0, -Infinity),
      node.countsAt.set(slotsAt.add(slot.mul(classes).shl(2))),
      rows.set(end.sub(start)),
      squares.set(0),
      count(range(label, 0, classes), [
        when(node.counts.at(label).eq(rows), leave),
        size.set(node.counts.at(label).toLong()),
        squares.set(squares.add(size.mul(size))),
      ]),
      search.start.set(start),
      search.end.set(end),
      search.isSafe.set(1),
      doubleRows.set(rows.toDouble()),
      search.emptyScore.set(squares.toDouble().div(doubleRows)),
      // ml-cart's repeated additions are off by at most half a unit each; both ends of a comparison.
      search.window.set(doubleRows.mul(4).add(64).mul(roundoff).mul(doubleRows)),
      impurity.set(node.whole.of({ rows })),
      searchColumns.call({}),
    ];
  });
}
