import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder, Scope } from "../wasm/module-builder.ts";
import { clearBytes, count, range, repeat, result, when } from "../wasm/statements.ts";
import { constant, type Operand, type Value } from "../wasm/value.ts";
import type { Frame } from "./frame.ts";

const digits = 2048;
/** Eleven, eleven and ten bits: pairs are sorted by the upper half of their bits. */
const digitShifts = [32, 43, 54];

/**
 * `sortColumn(column)` makes a column's entries, its distinct values and its mark of being plain
 * from the doubles in `source`, none of which is NaN. Equal values, as -0 and 0, keep the order of
 * their rows. In a plain column the mean of two different values is above the lower one and not
 * above the other, wherever it is rounded to.
 */
export function defineSortColumn(module: ModuleBuilder, frame: Frame): void {
  const { rows, spareAt } = frame.layout;
  const sortPairs = defineSortPairs(module, frame);
  const rank = defineRank(module, frame);
  module.procedure("sortColumn", { column: "i32" }, ({ column }, scope) => {
    const { from, to, i, place, moves, most, valuesAt } = scope.locals("i32", [
      "from",
      "to",
      "i",
      "place",
      "moves",
      "most",
      "valuesAt",
    ]);
    const pair = scope.local("i64");
    const value = scope.local("f64");
    const values = new MemoryArray("f64", valuesAt);
    const pairs = new MemoryArray("i64", from);
    const others = new MemoryArray("i64", to);
    const key = (row: Operand<"i32">) => orderedBits(frame.source.at(row).add(0));
    const upper = (bits: Value<"i64">) => bits.shr(32).shl(32);
    /** Whichever of the two buffers `from` is not. */
    const other = frame.entriesOf(column).add(spareAt).sub(from);
    return [
      valuesAt.set(frame.distinctOf(column)),
      from.set(frame.entriesOf(column)),
      to.set(spareAt),
      count(range(i, 0, rows), pairs.set(i, upper(key(i)).or(i.toLong()))),
      from.set(sortPairs.of({ from, to })),
      // What is left to do is to order those whose upper bits are equal; mostly there are few.
      most.set(rows.shl(3)),
      count(range(i, 0, rows), [
        pair.set(pairs.at(i)),
        value.set(frame.source.at(pair.toInt())),
        place.set(i),
        repeat(
          place
            .gt(0)
            .and(values.at(place.sub(1)).gt(value))
            .and(moves.lt(most)),
          [
            values.set(place, values.at(place.sub(1))),
            pairs.set(place, pairs.at(place.sub(1))),
            place.set(place.sub(1)),
            moves.set(moves.add(1)),
          ],
        ),
        values.set(place, value),
        pairs.set(place, pair),
      ]),
      when(moves.ge(most), [
        count(range(i, 0, rows), pairs.set(i, key(i).shl(32).or(i.toLong()))),
        to.set(other),
        from.set(sortPairs.of({ from, to })),
        to.set(other),
        count(range(i, 0, rows), [
          place.set(pairs.at(i).toInt()),
          others.set(i, upper(key(place)).or(place.toLong())),
        ]),
        from.set(sortPairs.of({ from: to, to: from })),
        count(range(i, 0, rows), values.set(i, frame.source.at(pairs.at(i).toInt()))),
      ]),
      rank.call({ column, from }),
    ];
  });
}

/** Fills in the entries from sorted values and pairs, and leaves only the distinct values. */
function defineRank(module: ModuleBuilder, frame: Frame) {
  const { rows } = frame.layout;
  return module.procedure("rank", { column: "i32", from: "i32" }, ({ column, from }, scope) => {
    const { i, rank, row, isPlain, entriesAt, valuesAt } = scope.locals("i32", [
      "i",
      "rank",
      "row",
      "isPlain",
      "entriesAt",
      "valuesAt",
    ]);
    const { value, last } = scope.locals("f64", ["value", "last"]);
    const values = new MemoryArray("f64", valuesAt);
    const entries = new MemoryArray("i64", entriesAt);
    const pairs = new MemoryArray("i64", from);
    return [
      valuesAt.set(frame.distinctOf(column)),
      entriesAt.set(frame.entriesOf(column)),
      last.set(values.at(0)),
      // Beyond, the sum of two overflows.
      isPlain.set(last.gt(-(2 ** 1022)).and(values.at(rows.sub(1)).lt(2 ** 1022))),
      count(range(i, 0, rows), [
        value.set(values.at(i)),
        when(value.ne(last), [
          isPlain.set(isPlain.and(last.add(value).mul(0.5).gt(last))),
          rank.set(rank.add(1)),
          values.set(rank, value),
          last.set(value),
        ]),
        row.set(pairs.at(i).toInt()),
        entries.set(
          i,
          rank
            .toLong()
            .shl(frame.rankShift)
            .or(frame.labels.at(row).toLong().and(frame.labelMask).shl(frame.labelShift))
            .or(row.toLong()),
        ),
      ]),
      frame.plain.set(column, isPlain),
    ];
  });
}

/** Sorts pairs by their upper halves and gives the address, one of the two, where they then are. */
function defineSortPairs(module: ModuleBuilder, frame: Frame) {
  const radixPass = defineRadixPass(module, frame);
  const parameters = { from: "i32", to: "i32" } as const;
  return module.define("sortPairs", { parameters, gives: "i32" }, ({ from, to }, scope) => {
    const other = scope.local("i32");
    return [
      ...digitShifts.map((shift) =>
        when(radixPass.of({ from, to, shift }), [other.set(from), from.set(to), to.set(other)]),
      ),
      result(from),
    ];
  });
}

/** Moves pairs to the order of one digit; gives 0 where all have the same and nothing was moved. */
function defineRadixPass(module: ModuleBuilder, frame: Frame) {
  const { rows, histogramAt } = frame.layout;
  const { histogram } = frame;
  const parameters = { from: "i32", to: "i32", shift: "i64" } as const;
  return module.define("radixPass", { parameters, gives: "i32" }, ({ from, to, shift }, scope) => {
    const { i, digit, size, place } = scope.locals("i32", ["i", "digit", "size", "place"]);
    const pair = scope.local("i64");
    const pairs = new MemoryArray("i64", from);
    const moved = new MemoryArray("i64", to);
    const digitOf = (of: Value<"i64">) =>
      of
        .shr(shift)
        .toInt()
        .and(digits - 1);
    return [
      clearBytes(histogramAt, constant("i32", digits * 4)),
      count(range(i, 0, rows), [
        digit.set(digitOf(pairs.at(i))),
        histogram.set(digit, histogram.at(digit).add(1)),
      ]),
      when(histogram.at(digit).eq(rows), result(constant("i32", 0))),
      count(range(digit, 0, digits), [
        size.set(histogram.at(digit)),
        histogram.set(digit, place),
        place.set(place.add(size)),
      ]),
      count(range(i, 0, rows), [
        pair.set(pairs.at(i)),
        digit.set(digitOf(pair)),
        place.set(histogram.at(digit)),
        histogram.set(digit, place.add(1)),
        moved.set(place, pair),
      ]),
      result(constant("i32", 1)),
    ];
  });
}

/** Bits whose order as a number without sign is the order of the doubles. */
function orderedBits(value: Value<"f64">): Value<"i64"> {
  const bits = value.bits();
  return bits.xor(bits.shrSigned(63).or(-(2 ** 63)));
}
