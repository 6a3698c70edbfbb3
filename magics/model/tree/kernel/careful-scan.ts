import type { Code } from "../wasm/code.ts";
import { MemoryArray } from "../wasm/memory-array.ts";
import type { Callee, ModuleBuilder, Scope } from "../wasm/module-builder.ts";
import { count, range, repeat, result, when } from "../wasm/statements.ts";
import { constant, select, type Value } from "../wasm/value.ts";
import type { Frame } from "./frame.ts";
import type { Offer, Search } from "./search.ts";

/** What a scan knows of the targets on the left of where it is. */
export interface Tally {
  /** Nothing is on the left. */
  readonly begin: Code;
  take(entry: Value<"i64">): Code;
  /** True where two neighbours' targets differ. */
  differs(entry: Value<"i64">, next: Value<"i64">): Value<"i32">;
  /** Score of the cut before `position`, which is where the scan is. */
  score(position: Value<"i32">): Value<"f64">;
}

/**
 * Offers every cut of a column that ml-cart looks at and whose score is not below the floor, also
 * where rounding has put the mean of two values elsewhere than between them.
 */
export function defineCarefulScan(
  module: ModuleBuilder,
  { frame, search, offer, name }: { frame: Frame; search: Search; offer: Offer; name: string },
  makeTally: (scope: Scope) => Tally,
): Callee<{ column: "i32" }> {
  const { start, end, floor, emptyScore } = search;
  const positionOf = definePositionOf(module, `${name}Position`, frame, search);
  return module.procedure(name, { column: "i32" }, ({ column }, scope) => {
    const { entriesAt, valuesAt, i, runStart, isRunDone, differs, position } = scope.locals("i32", [
      "entriesAt",
      "valuesAt",
      "i",
      "runStart",
      "isRunDone",
      "differs",
      "position",
    ]);
    const { runScore, score, value, nextValue, threshold } = scope.locals("f64", [
      "runScore",
      "score",
      "value",
      "nextValue",
      "threshold",
    ]);
    const { entry, next } = scope.locals("i64", ["entry", "next"]);
    const entries = new MemoryArray("i64", entriesAt);
    const values = new MemoryArray("f64", valuesAt);
    const tally = makeTally(scope);
    const offerAt = (place: Value<"i32">, itsScore: Value<"f64">) =>
      when(
        itsScore.lt(floor).not(), // NaN goes through.
        offer.call({ column, position: place, threshold, score: itsScore }),
      );
    const offerElsewhere = [
      position.set(positionOf.of({ column, threshold })),
      score.set(
        select(
          position.eq(runStart),
          runScore,
          select(position.eq(start).or(position.eq(end)), emptyScore, constant("f64", Number.NaN)),
        ),
      ),
      offerAt(position, score),
    ];
    return [
      entriesAt.set(frame.entriesOf(column)),
      valuesAt.set(frame.distinctOf(column)),
      runStart.set(start),
      runScore.set(emptyScore),
      tally.begin,
      entry.set(entries.at(start)),
      value.set(values.at(frame.rank(entry))),
      count(range(i, start.add(1), end), [
        tally.take(entry),
        next.set(entries.at(i)),
        differs.set(tally.differs(entry, next)),
        when(
          frame.rank(entry.xor(next)).ne(0),
          [
            nextValue.set(values.at(frame.rank(next))),
            score.set(tally.score(i)),
            isRunDone.set(0),
            when(differs, [
              threshold.set(value.add(nextValue).div(2)),
              isRunDone.set(threshold.gt(value).and(threshold.le(nextValue))),
              when(isRunDone, offerAt(i, score), offerElsewhere),
            ]),
            runStart.set(i),
            runScore.set(tally.score(i)),
            value.set(nextValue),
          ],
          when(differs.and(isRunDone.not()), [
            isRunDone.set(1),
            threshold.set(value.add(value).div(2)),
            when(threshold.eq(value), offerAt(runStart, runScore), offerElsewhere),
          ]),
        ),
        entry.set(next),
      ]),
    ];
  });
}

/** Index in the node of the first value that is not below a threshold. */
function definePositionOf(module: ModuleBuilder, name: string, frame: Frame, search: Search) {
  const parameters = { column: "i32", threshold: "f64" } as const;
  return module.define(name, { parameters, gives: "i32" }, ({ column, threshold }, scope) => {
    const { low, high, middle } = scope.locals("i32", ["low", "high", "middle"]);
    const entries = new MemoryArray("i64", frame.entriesOf(column));
    const values = new MemoryArray("f64", frame.distinctOf(column));
    return [
      low.set(search.start),
      high.set(search.end),
      repeat(low.lt(high), [
        middle.set(low.add(high).shr(1)),
        when(
          values.at(frame.rank(entries.at(middle))).lt(threshold),
          low.set(middle.add(1)),
          high.set(middle),
        ),
      ]),
      result(low),
    ];
  });
}
