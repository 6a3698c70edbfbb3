import type { CompiledTree } from "../tree/compiled-tree.ts";
import { largest, meanAnswer } from "../tree/mean-answer.ts";
import type { Answer } from "./material.ts";

/** What trees say together: the class with the greatest mean share, or the mean of their numbers. */
export function averageAnswer(trees: readonly CompiledTree[]): Answer {
  return (vector) => {
    const answer = meanAnswer(trees, vector);
    return typeof answer === "number" ? answer : largest(answer);
  };
}
