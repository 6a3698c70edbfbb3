/** One process of the benchmark: grows one tree again and again and prints the times as JSON. */
import { createRequire } from "node:module";
import { growClassifier } from "../../../magics/model/tree/grow-classifier.ts";
import { benchData } from "./data.ts";

const [who = "ours", rows = "4000", depth = "10", times = "1"] = process.argv.slice(2);
const data = benchData(Number(rows));
const isGrownOut = depth === "out";
const options = {
  minNumSamples: isGrownOut ? 1 : 3,
  maxDepth: isGrownOut ? Infinity : Number(depth),
  gainThreshold: isGrownOut ? 0 : 0.01,
};
const run = who === "ours" ? () => growClassifier(data, options) : mlCartRun();
const durationsMs: number[] = [];
for (let time = 0; time < Number(times); time++) {
  const startedAt = performance.now();
  run();
  durationsMs.push(performance.now() - startedAt);
}
console.log(JSON.stringify(durationsMs));

function mlCartRun(): () => void {
  const { DecisionTreeClassifier } = createRequire(import.meta.url)("ml-cart");
  const matrix = Array.from(data.labels, (_, row) => data.columns.map((column) => column[row]));
  const labels = Array.from(data.labels);
  return () => new DecisionTreeClassifier(options).train(matrix, labels);
}
