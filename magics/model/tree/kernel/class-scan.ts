import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder, Scope } from "../wasm/module-builder.ts";
import { clearBytes, count, when } from "../wasm/statements.ts";
import { select, type Value } from "../wasm/value.ts";
import type { Tally } from "./careful-scan.ts";
import type { ClassNode } from "./class-node.ts";
import type { Frame } from "./frame.ts";
import type { Search } from "./search.ts";

/** What the scans of a classification are made with. */
export interface ClassScanParts {
  readonly frame: Frame;
  readonly search: Search;
  readonly node: ClassNode;
  /** Sum of the squares of the node's counts. */
  readonly squares: Value<"i64">;
}

/** Counts by class on the left, and the sums of their squares on both sides. */
export function classTally(
  { frame, search, node, squares }: ClassScanParts,
  scope: Scope,
): Tally & { readonly leftSquares: Value<"i64">; readonly rightSquares: Value<"i64"> } {
  const { classes, leftAt } = frame.layout;
  const { left } = frame;
  const { label, before } = scope.locals("i32", ["label", "before"]);
  const { leftSquares, rightSquares } = scope.locals("i64", ["leftSquares", "rightSquares"]);
  return {
    leftSquares,
    rightSquares,
    begin: [clearBytes(leftAt, classes.shl(2)), leftSquares.set(0), rightSquares.set(squares)],
    take: (entry) => [
      label.set(frame.label(entry)),
      before.set(left.at(label)),
      leftSquares.set(leftSquares.add(before.shl(1).add(1).toLong())),
      rightSquares.set(rightSquares.sub(node.counts.at(label).sub(before).shl(1).sub(1).toLong())),
      left.set(label, before.add(1)),
    ],
    differs: (entry, next) => frame.label(entry.xor(next)).ne(0),
    score: (position) =>
      leftSquares
        .toDouble()
        .div(position.sub(search.start).toDouble())
        .add(rightSquares.toDouble().div(search.end.sub(position).toDouble())),
  };
}

/** Notes the scores of a plain column, of any number of classes. */
export function defineClassScan(module: ModuleBuilder, parts: ClassScanParts) {
  const { frame, search } = parts;
  const { start, end } = search;
  return module.procedure("classScan", { column: "i32" }, ({ column }, scope) => {
    const { entriesAt, i, runStart, isRunDone } = scope.locals("i32", [
      "entriesAt",
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
    const tally = classTally(parts, scope);
    const differs = tally.differs(entry, next);
    /** By products, so that nearly all cuts are done without a division. */
    const noteCut = (
      position: Value<"i32">,
      [ofLeft, ofRight]: readonly [Value<"i64">, Value<"i64">],
    ) => {
      const leftRows = position.sub(start).toDouble();
      const rightRows = end.sub(position).toDouble();
      const product = ofLeft.toDouble().mul(rightRows).add(ofRight.toDouble().mul(leftRows));
      const both = leftRows.mul(rightRows);
      return when(product.ge(search.floor.mul(both)), [
        score.set(select(position.eq(start), search.emptyScore, product.div(both))),
        when(score.ge(search.floor), search.note(score)),
      ]);
    };
    return [
      entriesAt.set(frame.entriesOf(column)),
      runStart.set(start),
      tally.begin,
      rightSquares.set(parts.squares),
      entry.set(entries.at(start)),
      count(
        i,
        [start.add(1), end],
        [
          tally.take(entry),
          next.set(entries.at(i)),
          when(
            frame.rank(entry.xor(next)).ne(0),
            [
              isRunDone.set(differs),
              when(isRunDone, noteCut(i, [tally.leftSquares, tally.rightSquares])),
              runStart.set(i),
              leftSquares.set(tally.leftSquares),
              rightSquares.set(tally.rightSquares),
            ],
            when(isRunDone.not().and(differs), [
              isRunDone.set(1),
              noteCut(runStart, [leftSquares, rightSquares]),
            ]),
          ),
          entry.set(next),
        ],
      ),
    ];
  });
}

/** The same where there are two classes: one count tells all. */
export function definePairScan(module: ModuleBuilder, { frame, search, node }: ClassScanParts) {
  const { start, end } = search;
  return module.procedure("pairScan", { column: "i32" }, ({ column }, scope) => {
    const { entriesAt, i, runStart, isRunDone, ones, runOnes, differs } = scope.locals("i32", [
      "entriesAt",
      "i",
      "runStart",
      "isRunDone",
      "ones",
      "runOnes",
      "differs",
    ]);
    const { entry, next } = scope.locals("i64", ["entry", "next"]);
    const { score, rows, total, ceiling, leftRows, rightRows, leftOnes, rightOnes, mixed } =
      scope.locals("f64", [
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
    const entries = new MemoryArray("i64", entriesAt);
    const setCeiling = ceiling.set(rows.sub(search.floor).mul(0.5));
    /** The score is the rows less twice the products of both sides' counts by their rows. */
    const noteCut = (position: Value<"i32">, count: Value<"i32">, also: Value<"i32">) => {
      const both = leftRows.mul(rightRows);
      return [
        leftRows.set(position.sub(start).toDouble()),
        rightRows.set(rows.sub(leftRows)),
        leftOnes.set(count.toDouble()),
        rightOnes.set(total.sub(leftOnes)),
        mixed.set(
          leftOnes
            .mul(leftRows.sub(leftOnes))
            .mul(rightRows)
            .add(rightOnes.mul(rightRows.sub(rightOnes)).mul(leftRows)),
        ),
        when(mixed.le(ceiling.mul(both)).and(also), [
          score.set(
            select(position.eq(start), search.emptyScore, rows.sub(mixed.div(both).mul(2))),
          ),
          when(score.ge(search.floor), [search.note(score), setCeiling]),
        ]),
      ];
    };
    return [
      entriesAt.set(frame.entriesOf(column)),
      runStart.set(start),
      rows.set(end.sub(start).toDouble()),
      total.set(node.counts.at(1).toDouble()),
      setCeiling,
      entry.set(entries.at(start)),
      count(
        i,
        [start.add(1), end],
        [
          ones.set(ones.add(frame.label(entry))),
          next.set(entries.at(i)),
          entry.set(entry.xor(next)),
          differs.set(frame.label(entry)),
          when(
            frame.rank(entry).ne(0),
            [noteCut(i, ones, differs), isRunDone.set(differs), runStart.set(i), runOnes.set(ones)],
            when(differs.gt(isRunDone), [isRunDone.set(1), noteCut(runStart, runOnes, differs)]),
          ),
          entry.set(next),
        ],
      ),
    ];
  });
}
