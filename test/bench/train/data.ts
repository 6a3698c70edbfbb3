import { seededRandom } from "../../../magics/model/training/random.ts";

export interface BenchData {
  readonly columns: readonly Float64Array[];
  readonly labels: Uint16Array;
  readonly classCount: number;
}

/** Eight columns of which five matter, two classes and some noise; rows are shuffled. */
export function benchData(rowCount: number): BenchData {
  const random = seededRandom(1);
  const columns = Array.from({ length: 8 }, () => Float64Array.from({ length: rowCount }, random));
  const labels = new Uint16Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = columns.map((column) => column[row] ?? 0);
    const isRock = a + b * c > 0.9 ? d < 0.8 : e > 0.7 && d > 0.3;
    labels[row] = Number(random() < 0.05 ? !isRock : isRock);
  }
  return { columns, labels, classCount: 2 };
}
