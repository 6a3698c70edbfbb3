import { notFound } from "../flat-tree.ts";
import { MemoryArray } from "../wasm/memory-array.ts";
import type { Callee, ModuleBuilder, Scope } from "../wasm/module-builder.ts";
import { count, leave, repeat, result, type Variable, when } from "../wasm/statements.ts";
import { constant, select, type Value } from "../wasm/value.ts";
import { defineCarefulScan, type Tally } from "./careful-scan.ts";
import type { Frame } from "./frame.ts";
import type { PartitionParameters } from "./partition.ts";
import { createSearch, lowest, type Search } from "./search.ts";

/** Half a unit in the last place of 1. */
const roundoff = 2 ** -53;

/** A node's targets, taken in the order of the rows, as ml-cart adds them. */
interface NumberNode {
  readonly mean: Value<"f64">;
  /** Sum of the targets less the mean. */
  readonly total: Value<"f64">;
  /** The rows in their own order: the column after the features. */
  readonly byRow: MemoryArray<"i64">;
}

interface NumberParts {
  readonly frame: Frame;
  readonly search: Search;
  readonly node: NumberNode;
}

/**
 * `bestSplit(start, end)` leaves as the answer the split that ml-cart takes: the first that
 * leaves the least squared error. None is found where all targets are equal.
 */
export function defineNumberSplit(
  module: ModuleBuilder,
  frame: Frame,
  partition: Callee<PartitionParameters>,
): void {
  const { columns } = frame.layout;
  const search = createSearch(module);
  const mean = module.global("f64");
  const total = module.global("f64");
  const marked = module.global("i32");
  const byRow = new MemoryArray("i64", frame.entriesOf(columns));
  const node = { mean, total, byRow };
  const parts = { frame, search, node };
  const meanOf = defineMean(module, frame, byRow);
  const judge = defineJudge(module, parts, marked);
  const careful = defineCarefulScan(
    module,
    { frame, search, offer: judge, name: "carefulNumberScan" },
    (scope) => numberTally(parts, scope),
  );
  const scan = defineNumberScan(module, parts);
  defineOrderRows(module, frame, byRow);
  defineNumberDivide(module, frame, partition);
  const parameters = { start: "i32", end: "i32", slot: "i32" } as const;
  module.procedure("bestSplit", parameters, ({ start, end }, scope) => {
    const { column, i, isPure, isSafe } = scope.locals("i32", ["column", "i", "isPure", "isSafe"]);
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
      count(
        i,
        [start, end],
        [
          target.set(frame.targets.at(frame.row(byRow.at(i)))),
          centred.set(target.sub(mean)),
          total.set(total.add(centred)),
          squares.set(squares.add(centred.mul(centred))),
          largest.set(largest.max(target.abs())),
          isPure.set(isPure.and(target.eq(first))),
        ],
      ),
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
      isSafe.set(search.window.lt(Infinity).and(squares.gt(1e-280)).and(squares.lt(1e280))),
      search.start.set(start),
      search.end.set(end),
      search.emptyScore.set(total.mul(total).div(rows)),
      search.best.set(-Infinity),
      search.floor.set(lowest),
      search.isScoring.set(1),
      count(
        column,
        [0, columns],
        [
          search.columnBest.set(
            select(isSafe, constant("f64", -Infinity), constant("f64", Infinity)),
          ),
          when(
            isSafe,
            when(frame.plain.at(column), scan.call({ column }), careful.call({ column })),
          ),
          frame.columnBest.set(column, search.columnBest),
        ],
      ),
      search.isScoring.set(0),
      search.floor.set(select(isSafe, search.best.sub(search.window), constant("f64", -Infinity))),
      count(
        column,
        [0, columns],
        [
          when(frame.columnBest.at(column).ge(search.floor), [
            marked.set(start),
            count(i, [start, end], frame.goesLeft.set(frame.row(byRow.at(i)), 0)),
            careful.call({ column }),
          ]),
        ],
      ),
    ];
  });
}

/** Sum of the centred targets on the left. */
function numberTally(
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

/** Notes the scores of a plain column. */
function defineNumberScan(module: ModuleBuilder, { frame, search, node }: NumberParts) {
  const { start, end } = search;
  return module.procedure("numberScan", { column: "i32" }, ({ column }, scope) => {
    const { entriesAt, i, runStart, isRunDone, differs } = scope.locals("i32", [
      "entriesAt",
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
    /** By products, so that nearly all cuts are done without a division. */
    const noteCut = (position: Value<"i32">, leftSum: Value<"f64">) => {
      const both = leftRows.mul(rightRows);
      return [
        leftRows.set(position.sub(start).toDouble()),
        rightRows.set(end.sub(position).toDouble()),
        right.set(node.total.sub(leftSum)),
        product.set(leftSum.mul(leftSum).mul(rightRows).add(right.mul(right).mul(leftRows))),
        when(product.ge(search.floor.mul(both)).and(differs), [
          score.set(select(position.eq(start), search.emptyScore, product.div(both))),
          when(score.ge(search.floor), search.note(score)),
        ]),
      ];
    };
    return [
      entriesAt.set(frame.entriesOf(column)),
      runStart.set(start),
      entry.set(entries.at(start)),
      target.set(frame.targets.at(frame.row(entry))),
      count(
        i,
        [start.add(1), end],
        [
          left.set(left.add(target.sub(node.mean))),
          next.set(entries.at(i)),
          nextTarget.set(frame.targets.at(frame.row(next))),
          differs.set(nextTarget.ne(target)),
          when(
            frame.rank(entry.xor(next)).ne(0),
            [noteCut(i, left), isRunDone.set(differs), runStart.set(i), runLeft.set(left)],
            when(differs.gt(isRunDone), [isRunDone.set(1), noteCut(runStart, runLeft)]),
          ),
          entry.set(next),
          target.set(nextTarget),
        ],
      ),
    ];
  });
}

/** Takes note of a cut's score, or sums up the error it leaves as ml-cart does: rows in order, the right part first. */
function defineJudge(
  module: ModuleBuilder,
  { frame, search, node }: NumberParts,
  marked: Variable<"i32">,
) {
  const { answer, start, end } = search;
  const parameters = {
    column: "i32",
    position: "i32",
    threshold: "f64",
    score: "f64",
  } as const;
  return module.procedure("judgeNumberCut", parameters, (cut, scope) => {
    const { column, position, threshold, score } = cut;
    const { i, row, isLeft } = scope.locals("i32", ["i", "row", "isLeft"]);
    const { value, leftMean, rightMean, leftError, rightError } = scope.locals("f64", [
      "value",
      "leftMean",
      "rightMean",
      "leftError",
      "rightError",
    ]);
    const entries = new MemoryArray("i64", frame.entriesOf(column));
    const nothing = constant("f64", 0);
    const mark = (value: number) => frame.goesLeft.set(frame.row(entries.at(marked)), value);
    const read = [
      row.set(frame.row(node.byRow.at(i))),
      value.set(frame.targets.at(row)),
      isLeft.set(frame.goesLeft.at(row)),
    ];
    return [
      when(search.isScoring, [search.note(score), leave]),
      count(marked, [marked, position], mark(1)),
      repeat(marked.gt(position), [marked.set(marked.sub(1)), mark(0)]),
      count(
        i,
        [start, end],
        [
          read,
          leftMean.set(leftMean.add(select(isLeft, value, nothing))),
          rightMean.set(rightMean.add(select(isLeft, nothing, value))),
        ],
      ),
      leftMean.set(leftMean.div(position.sub(start).toDouble())),
      rightMean.set(rightMean.div(end.sub(position).toDouble())),
      count(
        i,
        [start, end],
        [
          read,
          value.set(value.sub(select(isLeft, leftMean, rightMean))),
          value.set(value.mul(value)),
          leftError.set(leftError.add(select(isLeft, value, nothing))),
          rightError.set(rightError.add(select(isLeft, nothing, value))),
        ],
      ),
      rightError.set(rightError.add(leftError)),
      when(rightError.lt(answer.gain.at(0)), [
        answer.gain.set(0, rightError),
        answer.threshold.set(0, threshold),
        answer.column.set(0, column),
        answer.position.set(0, position),
      ]),
    ];
  });
}

/** `mean(start, end)` of a node's targets. */
function defineMean(module: ModuleBuilder, frame: Frame, byRow: MemoryArray<"i64">) {
  const parameters = { start: "i32", end: "i32" } as const;
  return module.define("mean", { parameters, gives: "f64" }, ({ start, end }, scope) => {
    const i = scope.local("i32");
    const sum = scope.local("f64");
    return [
      count(i, [start, end], sum.set(sum.add(frame.targets.at(frame.row(byRow.at(i)))))),
      result(sum.div(end.sub(start).toDouble())),
    ];
  });
}

/** `orderRows()` fills the column after the features with all rows in their own order. */
function defineOrderRows(module: ModuleBuilder, frame: Frame, byRow: MemoryArray<"i64">): void {
  module.procedure("orderRows", {}, (_, scope) => {
    const i = scope.local("i32");
    return [count(i, [0, frame.layout.rows], byRow.set(i, i.toLong()))];
  });
}

/**
 * `divide(column, start, middle, end, slot, least)` partitions the columns; only the rows in
 * their own order where both parts have `least` rows or fewer.
 */
function defineNumberDivide(
  module: ModuleBuilder,
  frame: Frame,
  partition: Callee<PartitionParameters>,
): void {
  const { columns } = frame.layout;
  const parameters = {
    column: "i32",
    start: "i32",
    middle: "i32",
    end: "i32",
    slot: "i32",
    least: "f64",
  } as const;
  module.procedure("divide", parameters, ({ column, start, middle, end, least }, scope) => {
    const first = scope.local("i32");
    const isDone = (rows: Value<"i32">) => rows.toDouble().le(least);
    return [
      when(isDone(middle.sub(start)).and(isDone(end.sub(middle))), first.set(columns)),
      partition.call({ column, start, middle, end, first, last: columns.add(1) }),
    ];
  });
}
