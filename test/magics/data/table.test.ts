import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromRows } from "../../../magics/data/table-from-rows.ts";

const display = Symbol.for("Jupyter.display");

test("Table gives typed columns, rows and the first rows", () => {
  const table = tableFromRows<{ tempo: number; genre: string }>([
    { tempo: 90.5, genre: "Rock" },
    { tempo: 120, genre: "Hip-Hop" },
  ]);
  const tempo: Float64Array = table.columns.tempo.values;
  assert.deepEqual([...tempo], [90.5, 120]);
  assert.equal(table.columns.genre.kind, "category");
  assert.deepEqual(table.head(1), [{ tempo: 90.5, genre: "Rock" }]);
  assert.deepEqual(
    [...table].map(({ genre }) => genre),
    ["Rock", "Hip-Hop"],
  );
  // @ts-expect-error There is no such column.
  assert.equal(table.columns.tenpo, undefined);
});

test("Table shows first and last rows with a gap, equal decimals and its size", () => {
  const table = tableFromRows(
    Array.from({ length: 4802 }, (_, id) => ({
      id,
      tempo: id / 4,
      name: id === 1 ? null : `<n${id}>`,
    })),
  );
  const shown = (table as unknown as Record<symbol, () => Record<string, string>>)[display]?.(); // Not in the type.
  assert.equal(
    shown?.["text/plain"],
    [
      "    id    tempo  name",
      "number   number  text, 1 missing",
      "     0     0.00  <n0>",
      "     1     0.25  –",
      "     2     0.50  <n2>",
      "     3     0.75  <n3>",
      "     4     1.00  <n4>",
      "     ⋮        ⋮  ⋮",
      "  4797  1199.25  <n4797>",
      "  4798  1199.50  <n4798>",
      "  4799  1199.75  <n4799>",
      "  4800  1200.00  <n4800>",
      "  4801  1200.25  <n4801>",
      "4,802 rows × 3 columns",
    ].join("\n"),
  );
  const html = shown?.["text/html"] ?? "";
  assert.match(html, /<th scope="col" class="n">tempo<small>number<\/small><\/th>/);
  assert.match(html, /&lt;n0&gt;/);
  assert.match(html, /4,802 rows × 3 columns/);
  assert.doesNotMatch(html, /<script|https?:/);
});

test("tableFromRows() refuses mixed columns and no rows", () => {
  assert.throws(() => tableFromRows([]), { code: "BAD_TABLE" });
  assert.throws(() => tableFromRows([{ a: 1 }, { a: "x" }]), { code: "BAD_TABLE", message: /"a"/ });
});
