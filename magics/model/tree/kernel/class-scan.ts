import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { count, range, when } from "../wasm/statements.ts";
import { select, type Value } from "../wasm/value.ts";
import { type ClassParts, classTally } from "./class-tally.ts";
import type { Offer } from "./search.ts";

/** Offers the cuts of a plain column, for any number of classes. */
export function defineClassScan(module: ModuleBuilder, parts: ClassParts, offer: Offer) {
  const { frame, search } = parts;
  const { start, end } = search;
  return module.procedure("classScan", { column: "i32" }, ({ column }, scope) => {
    const { entriesAt, valuesAt, i, runStart, isRunDone } = scope.locals("i32", [
      "entriesAt",
      "valuesAt",
      "i",
      "runStart",
      "isRunDone",
    ]);
    const { leftSquares, rightSquares, entry, next } = scope.locals("i64", [
      "leftSquares",
      "rightSquares",
      "entry",
      "next",
    ]);
    const score = scope.local("f64");
    const entries = new MemoryArray("i64", entriesAt);
    const values = new MemoryArray("f64", valuesAt);
    const valueOf = (item: Value<"i64">) => values.at(frame.rank(item));
    const tally = classTally(parts, scope);
    const differs = tally.differs(entry, next);
    /** By products, so that nearly all cuts are done without a division. */
    const offerCut = (
      cut: { readonly position: Value<"i32">; readonly threshold: Value<"f64"> },
      [ofLeft, ofRight]: readonly [Value<"i64">, Value<"i64">],
    ) => {
      const leftRows = cut.position.sub(start).toDouble();
      const rightRows = end.sub(cut.position).toDouble();
      const product = ofLeft.toDouble().mul(rightRows).add(ofRight.toDouble().mul(leftRows));
      const both = leftRows.mul(rightRows);
      return when(product.ge(search.floor.mul(both)), [
        score.set(select(cut.position.eq(start), search.emptyScore, product.div(both))),
        when(score.ge(search.floor), offer.call({ column, ...cut, score })),
      ]);
    };
    return [
      entriesAt.set(frame.entriesOf(column)),
      valuesAt.set(frame.distinctOf(column)),
      runStart.set(start),
      tally.begin,
      rightSquares.set(parts.squares),
      entry.set(entries.at(start)),
      count(range(i, start.add(1), end), [
        tally.take(entry),
        next.set(entries.at(i)),
        when(
          frame.rank(entry.xor(next)).ne(0),
          [
            isRunDone.set(differs),
            when(
              isRunDone,
              offerCut({ position: i, threshold: valueOf(entry).add(valueOf(next)).div(2) }, [
                tally.leftSquares,
                tally.rightSquares,
              ]),
            ),
            runStart.set(i),
            leftSquares.set(tally.leftSquares),
            rightSquares.set(tally.rightSquares),
          ],
          when(isRunDone.not().and(differs), [
            isRunDone.set(1),
            offerCut({ position: runStart, threshold: valueOf(entry) }, [
              leftSquares,
              rightSquares,
            ]),
          ]),
        ),
        entry.set(next),
      ]),
    ];
  });
}
