import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { count, leave, range, repeat, when } from "../wasm/statements.ts";
import { constant, select } from "../wasm/value.ts";
import type { NumberParts } from "./number-node.ts";
import { offerParameters } from "./search.ts";

/**
 * Sums up the squared error that a cut leaves as ml-cart does, rows in order and the right part
 * first, and keeps the cut where it is the least yet.
 */
export function defineNumberJudge(module: ModuleBuilder, { frame, search, node }: NumberParts) {
  const { answer, start, end } = search;
  /** Up to where the column's rows are marked as going left. */
  const marked = module.global("i32");
  const beginColumn = module.procedure("beginColumn", { column: "i32" }, (_, scope) => {
    const i = scope.local("i32");
    return [
      marked.set(start),
      count(range(i, start, end), frame.goesLeft.set(frame.row(node.byRow.at(i)), 0)),
    ];
  });
  const offer = module.procedure("judgeNumberCut", offerParameters, (cut, scope) => {
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
      count(range(marked, marked, position), mark(1)),
      repeat(marked.gt(position), [marked.set(marked.sub(1)), mark(0)]),
      count(range(i, start, end), [
        read,
        leftMean.set(leftMean.add(select(isLeft, value, nothing))),
        rightMean.set(rightMean.add(select(isLeft, nothing, value))),
      ]),
      leftMean.set(leftMean.div(position.sub(start).toDouble())),
      rightMean.set(rightMean.div(end.sub(position).toDouble())),
      count(range(i, start, end), [
        read,
        value.set(value.sub(select(isLeft, leftMean, rightMean))),
        value.set(value.mul(value)),
        leftError.set(leftError.add(select(isLeft, value, nothing))),
        rightError.set(rightError.add(select(isLeft, nothing, value))),
      ]),
      rightError.set(rightError.add(leftError)),
      when(rightError.lt(answer.gain.at(0)), [
        answer.gain.set(0, rightError),
        answer.threshold.set(0, threshold),
        answer.column.set(0, column),
        answer.position.set(0, position),
      ]),
    ];
  });
  return { offer, beginColumn };
}
