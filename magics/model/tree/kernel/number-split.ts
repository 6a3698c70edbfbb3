import { notFound } from "../flat-tree.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { count, leave, range, when } from "../wasm/statements.ts";
import { defineCarefulScan } from "./careful-scan.ts";
import { defineColumnSearch } from "./column-search.ts";
import type { Frame } from "./frame.ts";
import { defineNumberJudge } from "./number-judge.ts";
import { defineNumberNode, numberTally } from "./number-node.ts";
import { defineNumberScan } from "./number-scan.ts";
import { createSearch, roundoff } from "./search.ts";

/**
 * `bestSplit(start, end)` leaves as the answer the split that ml-cart takes: the first that leaves
 * the least squared error. None is found where all targets are equal.
 */
export function defineNumberSplit(module: ModuleBuilder, frame: Frame): void {
  const search = createSearch(module);
  const node = defineNumberNode(module, frame);
  const { mean, total, byRow, meanOf } = node;
  const parts = { frame, search, node };
  const judge = defineNumberJudge(module, parts);
  const { offer } = judge;
  const name = "carefulNumberScan";
  const careful = defineCarefulScan(module, { frame, search, offer, name }, (scope) =>
    numberTally(parts, scope),
  );
  const scan = defineNumberScan(module, parts, offer);
  const searchColumns = defineColumnSearch(module, { frame, search, scan, careful, ...judge });
  const parameters = { start: "i32", end: "i32", slot: "i32" } as const;
  module.procedure("bestSplit", parameters, ({ start, end }, scope) => {
    const { i, isPure } = scope.locals("i32", ["i", "isPure"]);
    const { rows, target, first, centred, squares, largest, meanError } = scope.locals("f64", [
      "rows",
      "target",
      "first",
      "centred",
      "squares",
      "largest",
      "meanError",
    ]);
    return [
      search.answer.column.set(0, notFound),
      search.answer.gain.set(0, Infinity),
      rows.set(end.sub(start).toDouble()),
      mean.set(meanOf.of({ start, end })),
      total.set(0),
      isPure.set(1),
      first.set(frame.targets.at(frame.row(byRow.at(start)))),
      count(range(i, start, end), [
        target.set(frame.targets.at(frame.row(byRow.at(i)))),
        centred.set(target.sub(mean)),
        total.set(total.add(centred)),
        squares.set(squares.add(centred.mul(centred))),
        largest.set(largest.max(target.abs())),
        isPure.set(isPure.and(target.eq(first))),
      ]),
      when(isPure, leave),
      meanError.set(rows.mul(roundoff).mul(largest)),
      search.window.set(
        rows
          .mul(rows.sqrt())
          .add(16)
          .mul(8 * roundoff)
          .mul(squares)
          .add(rows.mul(8).mul(meanError).mul(meanError)),
      ),
      // Where sums overflow or vanish nothing is known beforehand: then every cut is judged.
      search.isSafe.set(search.window.lt(Infinity).and(squares.gt(1e-280)).and(squares.lt(1e280))),
      search.start.set(start),
      search.end.set(end),
      search.emptyScore.set(total.mul(total).div(rows)),
      searchColumns.call({}),
    ];
  });
}
