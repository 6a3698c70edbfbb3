import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { copyBytes, count, range, when } from "../wasm/statements.ts";
import type { Frame } from "./frame.ts";

/** Bytes of an entry: what a row's mark moves the place on by. */
const entryBytes = 8;

const parameters = {
  column: "i32",
  start: "i32",
  middle: "i32",
  end: "i32",
  first: "i32",
  last: "i32",
} as const;

export type PartitionParameters = typeof parameters;

/** What `divide` takes, which trees of classes and of numbers have each their own of. */
export const divideParameters = {
  column: "i32",
  start: "i32",
  middle: "i32",
  end: "i32",
  slot: "i32",
  least: "f64",
} as const;

/**
 * Splits the stretch from `start` to `end` of the columns from `first` to before `last`: the rows
 * that are before `middle` in `column` come first, both parts in the order they had.
 */
export function definePartition(module: ModuleBuilder, frame: Frame) {
  const { spareAt } = frame.layout;
  return module.procedure(
    "partition",
    parameters,
    ({ column, start, middle, end, first, last }, scope) => {
      const { base, i, other, left, right, step } = scope.locals("i32", [
        "base",
        "i",
        "other",
        "left",
        "right",
        "step",
      ]);
      const entry = scope.local("i64");
      const entries = new MemoryArray("i64", base);
      const mark = (value: number) => frame.goesLeft.set(frame.row(entries.at(i)), value);
      return [
        base.set(frame.entriesOf(column)),
        count(range(i, start, middle), mark(entryBytes)),
        count(range(i, middle, end), mark(0)),
        count(
          range(other, first, last),
          when(other.ne(column), [
            base.set(frame.entriesOf(other)),
            left.set(entries.addressOf(start)),
            right.set(spareAt),
            // Each entry is written to both sides, and one of the places moves on: a branch on which
            // it is would be guessed wrong half of the time.
            count(range(i, start, end), [
              entry.set(entries.at(i)),
              step.set(frame.goesLeft.at(frame.row(entry))),
              new MemoryArray("i64", left).set(0, entry),
              new MemoryArray("i64", right).set(0, entry),
              left.set(left.add(step)),
              right.set(right.add(entryBytes).sub(step)),
            ]),
            copyBytes(left, spareAt, right.sub(spareAt)),
          ]),
        ),
      ];
    },
  );
}
