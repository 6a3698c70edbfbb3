import { notFound } from "../flat-tree.ts";
import { MemoryArray } from "../wasm/memory-array.ts";
import type { Callee, ModuleBuilder } from "../wasm/module-builder.ts";
import { clearBytes, copyBytes, count, leave, type Variable, when } from "../wasm/statements.ts";
import type { Value } from "../wasm/value.ts";
import { defineCarefulScan } from "./careful-scan.ts";
import { type ClassNode, defineClassNode } from "./class-node.ts";
import { classTally, defineClassScan, definePairScan } from "./class-scan.ts";
import type { Frame } from "./frame.ts";
import type { PartitionParameters } from "./partition.ts";
import { createSearch, lowest, type Search } from "./search.ts";

/** Half a unit in the last place of 1. */
const roundoff = 2 ** -53;

/**
 * `bestSplit(start, end, slot)` leaves as the answer the split that ml-cart takes: the first with
 * the greatest gain. The node's counts by class are in its slot; none is found where all but one
 * are 0.
 */
export function defineClassSplit(
  module: ModuleBuilder,
  frame: Frame,
  partition: Callee<PartitionParameters>,
): void {
  const { columns, classes, slotsAt, probeAt } = frame.layout;
  const search = createSearch(module);
  const node = defineClassNode(module, frame);
  const squares = module.global("i64");
  const impurity = module.global("f64");
  const counted = module.global("i32");
  const parts = { frame, search, node, squares };
  const judge = defineJudge(module, { frame, search, node, impurity, counted });
  const careful = defineCarefulScan(
    module,
    { frame, search, offer: judge, name: "carefulClassScan" },
    (scope) => classTally(parts, scope),
  );
  const scan = defineClassScan(module, parts);
  const pairScan = definePairScan(module, parts);
  const parameters = { start: "i32", end: "i32", slot: "i32" } as const;
  module.procedure("bestSplit", parameters, ({ start, end, slot }, scope) => {
    const { column, label, rows } = scope.locals("i32", ["column", "label", "rows"]);
    const size = scope.local("i64");
    const doubleRows = scope.local("f64");
    const entries = new MemoryArray("i64", frame.entriesOf(column));
    const isConstant = frame.rank(entries.at(start)).eq(frame.rank(entries.at(end.sub(1))));
    return [
      search.answer.column.set(0, notFound),
      search.answer.gain.set(0, -Infinity),
      node.countsAt.set(slotsAt.add(slot.mul(classes).shl(2))),
      rows.set(end.sub(start)),
      squares.set(0),
      count(
        label,
        [0, classes],
        [
          when(node.counts.at(label).eq(rows), leave),
          size.set(node.counts.at(label).toLong()),
          squares.set(squares.add(size.mul(size))),
        ],
      ),
      search.start.set(start),
      search.end.set(end),
      doubleRows.set(rows.toDouble()),
      search.emptyScore.set(squares.toDouble().div(doubleRows)),
      // ml-cart's repeated additions are off by at most half a unit each; both ends of a comparison.
      search.window.set(doubleRows.mul(4).add(64).mul(roundoff).mul(doubleRows)),
      search.best.set(-Infinity),
      search.floor.set(lowest),
      search.isScoring.set(1),
      count(
        column,
        [0, columns],
        [
          search.columnBest.set(-Infinity),
          when(
            frame.plain.at(column),
            when(
              isConstant,
              // Only the cut before the first row, which parts nothing.
              when(search.emptyScore.ge(search.floor), search.note(search.emptyScore)),
              when(classes.eq(2), pairScan.call({ column }), scan.call({ column })),
            ),
            careful.call({ column }),
          ),
          frame.columnBest.set(column, search.columnBest),
        ],
      ),
      search.isScoring.set(0),
      search.floor.set(search.best.sub(search.window)),
      impurity.set(node.whole.of({ rows })),
      count(
        column,
        [0, columns],
        [
          when(frame.columnBest.at(column).ge(search.floor), [
            counted.set(start),
            clearBytes(probeAt, classes.shl(2)),
            careful.call({ column }),
          ]),
        ],
      ),
    ];
  });
  defineClassDivide(module, frame, partition);
}

interface JudgeParts {
  readonly frame: Frame;
  readonly search: Search;
  readonly node: ClassNode;
  /** Of the whole node. */
  readonly impurity: Value<"f64">;
  /** Up to where `probe` counts the column. */
  readonly counted: Variable<"i32">;
}

/** Takes note of a cut's score, or scores it as ml-cart does and keeps it where it is the best yet. */
function defineJudge(
  module: ModuleBuilder,
  { frame, search, node, impurity, counted }: JudgeParts,
) {
  const { classes, probeAt, bestLeftAt } = frame.layout;
  const { probe, bestLeft } = frame;
  const { answer, start, end } = search;
  const parameters = {
    column: "i32",
    position: "i32",
    threshold: "f64",
    score: "f64",
  } as const;
  return module.procedure("judgeClassCut", parameters, (cut, scope) => {
    const { column, position, threshold, score } = cut;
    const { label, isNew } = scope.locals("i32", ["label", "isNew"]);
    const gain = scope.local("f64");
    const entries = new MemoryArray("i64", frame.entriesOf(column));
    const rows = end.sub(start).toDouble();
    const leftRows = position.sub(start);
    const rightRows = end.sub(position);
    const right = node.right.of({ rows: rightRows }).mul(rightRows.toDouble()).div(rows);
    const left = node.left.of({ rows: leftRows }).mul(leftRows.toDouble()).div(rows);
    return [
      when(search.isScoring, [search.note(score), leave]),
      when(counted.gt(position), [counted.set(start), clearBytes(probeAt, classes.shl(2))]),
      count(
        counted,
        [counted, position],
        [label.set(frame.label(entries.at(counted))), probe.set(label, probe.at(label).add(1))],
      ),
      // The same counts give the same gain, and only a greater one would win.
      isNew.set(answer.column.at(0).lt(0)),
      count(label, [0, classes], isNew.set(isNew.or(probe.at(label).ne(bestLeft.at(label))))),
      when(isNew.not(), leave),
      gain.set(impurity.sub(right.add(left))),
      when(gain.gt(answer.gain.at(0)), [
        answer.gain.set(0, gain),
        answer.threshold.set(0, threshold),
        answer.column.set(0, column),
        answer.position.set(0, position),
        copyBytes(bestLeftAt, probeAt, classes.shl(2)),
      ]),
    ];
  });
}

/**
 * `divide(column, start, middle, end, slot, least)` puts the counts of the answer's two parts
 * in the slot and the one after it, the left one there, and partitions the columns but where
 * neither part will be looked at again: one of `least` rows or of one class.
 */
function defineClassDivide(
  module: ModuleBuilder,
  frame: Frame,
  partition: Callee<PartitionParameters>,
): void {
  const { columns, classes, slotsAt } = frame.layout;
  const parameters = {
    column: "i32",
    start: "i32",
    middle: "i32",
    end: "i32",
    slot: "i32",
    least: "f64",
  } as const;
  module.procedure("divide", parameters, (given, scope) => {
    const { column, start, middle, end, slot, least } = given;
    const { label, slotAt, leftSlotAt, isLeftDone, isRightDone, rightCount, leftCount } =
      scope.locals("i32", [
        "label",
        "slotAt",
        "leftSlotAt",
        "isLeftDone",
        "isRightDone",
        "rightCount",
        "leftCount",
      ]);
    const leftRows = middle.sub(start);
    const rightRows = end.sub(middle);
    const rightCounts = new MemoryArray("i32", slotAt);
    const leftCounts = new MemoryArray("i32", leftSlotAt);
    return [
      slotAt.set(slotsAt.add(slot.mul(classes).shl(2))),
      leftSlotAt.set(slotAt.add(classes.shl(2))),
      isLeftDone.set(leftRows.toDouble().le(least)),
      isRightDone.set(rightRows.toDouble().le(least)),
      count(
        label,
        [0, classes],
        [
          leftCount.set(frame.bestLeft.at(label)),
          rightCount.set(rightCounts.at(label).sub(leftCount)),
          leftCounts.set(label, leftCount),
          rightCounts.set(label, rightCount),
          isLeftDone.set(isLeftDone.or(leftCount.eq(leftRows))),
          isRightDone.set(isRightDone.or(rightCount.eq(rightRows))),
        ],
      ),
      when(
        isLeftDone.and(isRightDone).not(),
        partition.call({ column, start, middle, end, first: 0, last: columns }),
      ),
    ];
  });
}
