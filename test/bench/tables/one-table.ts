/** One process of the benchmark: reads one table and prints the time, the memory and the size as JSON. */
import { readTable } from "../../../magics/data/read-table.ts";

const before = process.resourceUsage().maxRSS;
const startedAt = performance.now();
const table = await readTable(process.argv[2] ?? "");
const durationMs = performance.now() - startedAt;
const maximumMegabytes = process.resourceUsage().maxRSS / 1024;
const columns = table.list.length;
console.log(
  JSON.stringify({
    durationMs,
    maximumMegabytes,
    before: before / 1024,
    rows: table.rowCount,
    columns,
  }),
);
