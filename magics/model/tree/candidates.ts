// Indices are within bounds throughout; `as number` says so to the compiler.
/** A place where a sorted column can be cut. */
export interface Candidate {
  readonly column: number;
  /** Rows before this index of the sorted stretch go left. */
  readonly position: number;
  readonly threshold: number;
  /** Larger is better; NaN where only the exact score can tell. */
  readonly score: number;
}

/**
 * Collects the candidates whose score is so near to the best that rounding could make either win.
 * One collector serves all nodes: objects for each would keep the garbage collector busy.
 */
export class Candidates {
  #window = 0;
  #best = -Infinity;
  #count = 0;
  #unknown = 0;
  readonly #columns: number[] = [];
  readonly #positions: number[] = [];
  readonly #thresholds: number[] = [];
  readonly #scores: number[] = [];

  /** Starts anew; scores nearer to each other than `window` count as equal. */
  reset(window: number): void {
    this.#window = window;
    this.#best = -Infinity;
    this.#count = 0;
    this.#unknown = 0;
  }

  /** Below this score a candidate cannot win. */
  get floor(): number {
    return this.#best - this.#window;
  }

  add(column: number, position: number, threshold: number, score: number): void {
    if (Number.isNaN(score)) this.#unknown++;
    else if (score > this.#best) {
      // All that were there are out; those of unknown score would have to be kept apart.
      if (score - this.#window > this.#best && this.#unknown === 0) this.#count = 0;
      this.#best = score;
    }
    const index = this.#count++;
    this.#columns[index] = column;
    this.#positions[index] = position;
    this.#thresholds[index] = threshold;
    this.#scores[index] = score;
  }

  /** The ones that may be the best, in the order they were added. */
  nearBest(): Candidate[] {
    const { floor } = this;
    const list: Candidate[] = [];
    for (let index = 0; index < this.#count; index++) {
      const score = this.#scores[index] as number;
      if (score < floor) continue;
      list.push({
        column: this.#columns[index] as number,
        position: this.#positions[index] as number,
        threshold: this.#thresholds[index] as number,
        score,
      });
    }
    return list;
  }
}

/** Index in [start, end) of the first value that is not below `threshold`. */
export function positionOf(
  values: Float64Array,
  threshold: number,
  { start, end }: { start: number; end: number },
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
