import { MemoryArray } from "../wasm/memory-array.ts";
import type { Callee, ModuleBuilder } from "../wasm/module-builder.ts";
import { when } from "../wasm/statements.ts";
import { constant, type Value } from "../wasm/value.ts";
import { answerAt } from "./layout.ts";

/** Half a unit in the last place of 1. */
export const roundoff = 2 ** -53;

export const offerParameters = {
  column: "i32",
  position: "i32",
  threshold: "f64",
  score: "f64",
} as const;

/** Takes note of a cut's score in the first part of a search, and judges the cut in the second. */
export type Offer = Callee<typeof offerParameters>;

/** What is known while a node's best split is sought. */
export type Search = ReturnType<typeof createSearch>;

/** Below every score, and finite: times zero it is zero. */
export const lowest = -(2 ** 1000);

/**
 * A search has two parts: every cut is scored by a closed form, then those whose score is so near
 * to the best that rounding could make either win are judged: scored as ml-cart does, in its
 * order.
 */
export function createSearch(module: ModuleBuilder) {
  const f64 = () => module.global("f64");
  const [best, window, floor, columnBest, emptyScore] = [f64(), f64(), f64(), f64(), f64()];
  const answer = <K extends "i32" | "f64">(kind: K, at: number) =>
    new MemoryArray(kind, constant("i32", at));
  return {
    /** The node's stretch of every column. */
    start: module.global("i32"),
    end: module.global("i32"),
    /** False where sums could overflow or vanish. */
    isSafe: module.global("i32"),
    /** True in the first part. */
    isScoring: module.global("i32"),
    best,
    /** Scores nearer to each other count as equal. */
    window,
    /** Below this score a cut cannot win. */
    floor,
    /** The best score of the column; infinite where only the exact gain can tell. */
    columnBest,
    /** What a cut scores that parts nothing. */
    emptyScore,
    /** Takes note of a score that is not below the floor; NaN where only the exact gain can tell. */
    note: (score: Value<"f64">) =>
      when(
        score.ne(score),
        [columnBest.set(Infinity)],
        [
          columnBest.set(columnBest.max(score)),
          when(score.gt(best), [best.set(score), floor.set(score.sub(window))]),
        ],
      ),
    answer: {
      threshold: answer("f64", answerAt.threshold),
      gain: answer("f64", answerAt.gain),
      column: answer("i32", answerAt.column),
      position: answer("i32", answerAt.position),
    },
  };
}
