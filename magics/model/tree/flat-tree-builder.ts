import type { FlatTree } from "./flat-tree.ts";

/** A node's own facts. */
export interface NodeFacts {
  readonly column: number;
  readonly threshold: number;
  readonly gain: number;
  readonly rows: number;
}

/** Collects the nodes of a tree in pre-order. */
export class FlatTreeBuilder {
  readonly #column: number[] = [];
  readonly #threshold: number[] = [];
  readonly #gain: number[] = [];
  readonly #rows: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #answersAt: number[] = [];
  /** Of the leaves; those of the node that was added last are appended. */
  readonly answers: number[] = [];

  /** Adds a node, a leaf until it has children, and gives its index. */
  add({ column, threshold, gain, rows }: NodeFacts): number {
    this.#threshold.push(threshold);
    this.#gain.push(gain);
    this.#rows.push(rows);
    this.#left.push(-1);
    this.#right.push(-1);
    this.#answersAt.push(this.answers.length);
    return this.#column.push(column) - 1;
  }

  setChild(parent: number, child: number, isLeft: boolean): void {
    (isLeft ? this.#left : this.#right)[parent] = child;
  }

  build(kind: FlatTree["kind"]): FlatTree {
    return {
      kind,
      column: new Int32Array(this.#column),
      threshold: new Float64Array(this.#threshold),
      gain: new Float64Array(this.#gain),
      rows: new Int32Array(this.#rows),
      left: new Int32Array(this.#left),
      right: new Int32Array(this.#right),
      answers: new Float64Array(this.answers),
      answersAt: new Int32Array(this.#answersAt.concat(this.answers.length)),
    };
  }
}
