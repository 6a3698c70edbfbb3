// Indices are within bounds throughout; `as number` says so to the compiler.
import type { SortedColumn } from "./presort.ts";

/** Keeps the sorted columns of all nodes in one set of arrays, each node a stretch of them. */
export class Partitioner {
  readonly #columns: readonly SortedColumn[];
  readonly #goesLeft: Uint8Array;
  readonly #rows: Int32Array;
  readonly #values: Float64Array;
  readonly #labels: Uint16Array;

  constructor(columns: readonly SortedColumn[], rowCount: number) {
    this.#columns = columns;
    this.#goesLeft = new Uint8Array(rowCount);
    this.#rows = new Int32Array(rowCount);
    this.#values = new Float64Array(rowCount);
    this.#labels = new Uint16Array(rowCount);
  }

  /**
   * Splits the stretch [start, end) of every column: the rows that are before `middle` in
   * `column` come first, both parts in the order they had.
   */
  split(column: number, { start, middle, end }: { start: number; middle: number; end: number }) {
    const goesLeft = this.#goesLeft;
    const { order } = this.#columns[column] as SortedColumn;
    for (let i = start; i < middle; i++) goesLeft[order[i] as number] = 1;
    for (let i = middle; i < end; i++) goesLeft[order[i] as number] = 0;
    for (let other = 0; other < this.#columns.length; other++) {
      if (other === column) continue;
      const sorted = this.#columns[other] as SortedColumn;
      // Labels first: both ask which rows go left by the order that the second changes.
      if (sorted.labels !== undefined) this.#splitLabels(sorted.order, sorted.labels, start, end);
      this.#splitColumn(sorted, start, end);
    }
  }

  #splitLabels(order: Int32Array, labels: Uint16Array, start: number, end: number): void {
    const goesLeft = this.#goesLeft;
    const kept = this.#labels;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const label = labels[i] as number;
      if (goesLeft[order[i] as number] === 1) labels[left++] = label;
      else kept[right++] = label;
    }
    labels.set(kept.subarray(0, right), left);
  }

  #splitColumn({ order, values }: SortedColumn, start: number, end: number): void {
    const goesLeft = this.#goesLeft;
    const rows = this.#rows;
    const kept = this.#values;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = order[i] as number;
      const value = values[i] as number;
      if (goesLeft[row] === 1) {
        order[left] = row;
        values[left++] = value;
      } else {
        rows[right] = row;
        kept[right++] = value;
      }
    }
    order.set(rows.subarray(0, right), left);
    values.set(kept.subarray(0, right), left);
  }
}
