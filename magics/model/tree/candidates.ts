/** A place where a sorted column can be cut. */
export interface Candidate {
  readonly column: number;
  /** Rows before this index of the sorted stretch go left. */
  readonly position: number;
  readonly threshold: number;
  /** Larger is better; NaN where only the exact score can tell. */
  readonly score: number;
}

/** Collects the candidates whose score is so near to the best that rounding could make either win. */
export class Candidates {
  readonly #window: number;
  #best = -Infinity;
  #list: Candidate[] = [];

  /** Scores nearer to each other than `window` count as equal. */
  constructor(window: number) {
    this.#window = window;
  }

  /** Below this score a candidate cannot win. */
  get floor(): number {
    return this.#best - this.#window;
  }

  add(candidate: Candidate): void {
    const { score } = candidate;
    if (score > this.#best) {
      if (score - this.#window > this.#best)
        this.#list = this.#list.filter((c) => Number.isNaN(c.score));
      this.#best = score;
    }
    this.#list.push(candidate);
  }

  /** The ones that may be the best, in the order they were added. */
  nearBest(): Candidate[] {
    const { floor } = this;
    return this.#list.filter(({ score }) => !(score < floor));
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
