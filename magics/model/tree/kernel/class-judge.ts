import { MemoryArray } from "../wasm/memory-array.ts";
import type { ModuleBuilder } from "../wasm/module-builder.ts";
import { clearBytes, copyBytes, count, leave, range, when } from "../wasm/statements.ts";
import type { Value } from "../wasm/value.ts";
import type { ClassNode } from "./class-node.ts";
import type { Frame } from "./frame.ts";
import { offerParameters, type Search } from "./search.ts";

export interface ClassJudgeParts {
  readonly frame: Frame;
  readonly search: Search;
  readonly node: ClassNode;
  /** Of the whole node. */
  readonly impurity: Value<"f64">;
}

/** Computes a cut's gain as ml-cart does, and keeps the cut where its gain is the greatest yet. */
export function defineClassJudge(module: ModuleBuilder, parts: ClassJudgeParts) {
  const { frame, search, node, impurity } = parts;
  const { classes, probeAt, bestLeftAt } = frame.layout;
  const { probe, bestLeft } = frame;
  const { answer, start, end } = search;
  /** Up to where `probe` counts the column. */
  const counted = module.global("i32");
  const clear = [counted.set(start), clearBytes(probeAt, classes.shl(2))];
  const beginColumn = module.procedure("beginColumn", { column: "i32" }, () => clear);
  const offer = module.procedure("judgeClassCut", offerParameters, (cut, scope) => {
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
      when(counted.gt(position), clear),
      count(range(counted, counted, position), [
        label.set(frame.label(entries.at(counted))),
        probe.set(label, probe.at(label).add(1)),
      ]),
      // The same counts give the same gain, and only a greater one would win.
      isNew.set(answer.column.at(0).lt(0)),
      count(range(label, 0, classes), isNew.set(isNew.or(probe.at(label).ne(bestLeft.at(label))))),
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
  return { offer, beginColumn };
}
