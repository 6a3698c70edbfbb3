import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { repeat, when } from "../wasm/statements.ts";
import { constant, select, type Value } from "../wasm/value.ts";
import type { ClassParts } from "./class-tally.ts";
import type { Offer } from "./search.ts";

/** So many cuts are ruled out at once. */
const block = 16;

/**
 * Offers the cuts of a plain column where there are two classes, so that the rows and the ones on
 * the left tell all. The score is a convex function of both: where no corner of what a block's
 * cuts can have on their left reaches the floor, none of its cuts does.
 */
export function definePairScan(
  module: ModuleBuilder,
  { frame, search, node }: ClassParts,
  offer: Offer,
) {
  const { start, end } = search;
  return module.procedure("pairScan", { column: "i32" }, ({ column }, scope) => {
    const ints = scope.locals("i32", [
      "entriesAt",
      "valuesAt",
      "blockAt",
      "i",
      "blockEnd",
      "runStart",
      "isRunDone",
      "ones",
      "runOnes",
      "blockOnes",
      "differs",
      "isNear",
      "isLastNear",
    ]);
    const { entriesAt, valuesAt, blockAt, i, blockEnd, runStart, isRunDone } = ints;
    const { ones, runOnes, blockOnes, differs, isNear, isLastNear } = ints;
    const { entry, next, change, labelBit } = scope.locals("i64", [
      "entry",
      "next",
      "change",
      "labelBit",
    ]);
    const doubles = scope.locals("f64", [
      "score",
      "rows",
      "total",
      "ceiling",
      "leftRows",
      "rightRows",
      "leftOnes",
      "rightOnes",
      "mixed",
    ]);
    const { score, rows, total, ceiling } = doubles;
    const { leftRows, rightRows, leftOnes, rightOnes, mixed } = doubles;
    const entries = new MemoryArray("i64", entriesAt);
    const values = new MemoryArray("f64", valuesAt);
    const valueOf = (item: Value<"i64">) => values.at(frame.rank(item));
    const both = leftRows.mul(rightRows);
    // The score is the rows less twice what `mixed` is of `both`.
    const setCeiling = ceiling.set(rows.sub(search.floor).mul(0.5));
    const isUnder = mixed.le(ceiling.mul(both));
    const setMixed = (rowsOfLeft: Value<"i32">, onesOfLeft: Value<"i32">) => [
      leftRows.set(rowsOfLeft.toDouble()),
      rightRows.set(rows.sub(leftRows)),
      leftOnes.set(onesOfLeft.toDouble()),
      rightOnes.set(total.sub(leftOnes)),
      mixed.set(
        leftOnes
          .mul(leftRows.sub(leftOnes))
          .mul(rightRows)
          .add(rightOnes.mul(rightRows.sub(rightOnes)).mul(leftRows)),
      ),
    ];
    const offerCut = (
      cut: { readonly position: Value<"i32">; readonly threshold: Value<"f64"> },
      onesOfLeft: Value<"i32">,
    ) => [
      setMixed(cut.position.sub(start), onesOfLeft),
      when(isUnder.and(differs), [
        score.set(
          select(cut.position.eq(start), search.emptyScore, rows.sub(mixed.div(both).mul(2))),
        ),
        when(score.ge(search.floor), [offer.call({ column, ...cut, score }), setCeiling]),
      ]),
    ];
    const scanTo = (limit: Value<"i32">) =>
      repeat(i.lt(limit), [
        ones.set(ones.add(frame.label(entry))),
        next.set(entries.at(i)),
        change.set(entry.xor(next)),
        differs.set(frame.label(change)),
        when(
          frame.rank(change).ne(0),
          [
            offerCut({ position: i, threshold: valueOf(entry).add(valueOf(next)).div(2) }, ones),
            isRunDone.set(differs),
            runStart.set(i),
            runOnes.set(ones),
          ],
          when(differs.gt(isRunDone), [
            isRunDone.set(1),
            offerCut({ position: runStart, threshold: valueOf(entry) }, runOnes),
          ]),
        ),
        entry.set(next),
        i.set(i.add(1)),
      ]);
    const blockEntries = new MemoryArray("i64", blockAt);
    const labelSum = Array.from({ length: block }, (_, index) =>
      blockEntries.at(index).and(labelBit),
    ).reduce((sum, label) => sum.add(label));
    const leftOf = i.sub(start).sub(1);
    const corner = (moreRows: Value<"i32"> | number, moreOnes: Value<"i32"> | number) => [
      setMixed(leftOf.add(moreRows), ones.add(moreOnes)),
      isNear.set(isNear.or(isUnder)),
    ];
    const isFresh = isRunDone.or(frame.rank(blockEntries.at(0).xor(blockEntries.at(1))).ne(0));
    const ruleOut = [
      blockAt.set(entries.addressOf(i.sub(1))),
      blockOnes.set(labelSum.shr(frame.labelShift).toInt()),
      isNear.set(isLastNear),
      corner(blockOnes, blockOnes),
      corner(constant("i32", block).sub(blockOnes), 0),
      setMixed(leftOf.add(block), ones.add(blockOnes)),
      isLastNear.set(isUnder),
      isNear.set(isNear.or(isLastNear).or(isFresh.not())),
    ];
    return [
      entriesAt.set(frame.entriesOf(column)),
      valuesAt.set(frame.distinctOf(column)),
      labelBit.set(constant("i64", 1).shl(frame.labelShift)),
      runStart.set(start),
      rows.set(end.sub(start).toDouble()),
      total.set(node.counts.at(1).toDouble()),
      setCeiling,
      entry.set(entries.at(start)),
      i.set(start.add(1)),
      isLastNear.set(1),
      repeat(i.lt(end), [
        blockEnd.set(i.add(block)),
        when(blockEnd.le(end), ruleOut, [isNear.set(1), blockEnd.set(end)]),
        when(isNear, scanTo(blockEnd), [
          // Of a run that goes on after the block, the cut before it is ruled out too.
          isRunDone.set(1),
          ones.set(ones.add(blockOnes)),
          i.set(blockEnd),
          entry.set(entries.at(i.sub(1))),
        ]),
      ]),
    ];
  });
}
