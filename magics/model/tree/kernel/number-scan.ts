import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { count, range, when } from "../wasm/statements.ts";
import { select, type Value } from "../wasm/value.ts";
import type { NumberParts } from "./number-node.ts";
import type { Offer } from "./search.ts";

/** Offers the cuts of a plain column. */
export function defineNumberScan(
  module: ModuleBuilder,
  { frame, search, node }: NumberParts,
  offer: Offer,
) {
  const { start, end } = search;
  return module.procedure("numberScan", { column: "i32" }, ({ column }, scope) => {
    const { entriesAt, valuesAt, i, runStart, isRunDone, differs } = scope.locals("i32", [
      "entriesAt",
      "valuesAt",
      "i",
      "runStart",
      "isRunDone",
      "differs",
    ]);
    const { entry, next } = scope.locals("i64", ["entry", "next"]);
    const { target, nextTarget, left, right, runLeft, leftRows, rightRows, product, score } =
      scope.locals("f64", [
        "target",
        "nextTarget",
        "left",
        "right",
        "runLeft",
        "leftRows",
        "rightRows",
        "product",
        "score",
      ]);
    const entries = new MemoryArray("i64", entriesAt);
    const values = new MemoryArray("f64", valuesAt);
    const valueOf = (item: Value<"i64">) => values.at(frame.rank(item));
    /** By products, so that nearly all cuts are done without a division. */
    const offerCut = (
      cut: { readonly position: Value<"i32">; readonly threshold: Value<"f64"> },
      leftSum: Value<"f64">,
    ) => {
      const both = leftRows.mul(rightRows);
      return [
        leftRows.set(cut.position.sub(start).toDouble()),
        rightRows.set(end.sub(cut.position).toDouble()),
        right.set(node.total.sub(leftSum)),
        product.set(leftSum.mul(leftSum).mul(rightRows).add(right.mul(right).mul(leftRows))),
        when(product.ge(search.floor.mul(both)).and(differs), [
          score.set(select(cut.position.eq(start), search.emptyScore, product.div(both))),
          when(score.ge(search.floor), offer.call({ column, ...cut, score })),
        ]),
      ];
    };
    return [
      entriesAt.set(frame.entriesOf(column)),
      valuesAt.set(frame.distinctOf(column)),
      runStart.set(start),
      entry.set(entries.at(start)),
      target.set(frame.targets.at(frame.row(entry))),
      count(range(i, start.add(1), end), [
        left.set(left.add(target.sub(node.mean))),
        next.set(entries.at(i)),
        nextTarget.set(frame.targets.at(frame.row(next))),
        differs.set(nextTarget.ne(target)),
        when(
          frame.rank(entry.xor(next)).ne(0),
          [
            offerCut({ position: i, threshold: valueOf(entry).add(valueOf(next)).div(2) }, left),
            isRunDone.set(differs),
            runStart.set(i),
            runLeft.set(left),
          ],
          when(differs.gt(isRunDone), [
            isRunDone.set(1),
            offerCut({ position: runStart, threshold: valueOf(entry) }, runLeft),
          ]),
        ),
        entry.set(next),
        target.set(nextTarget),
      ]),
    ];
  });
}
