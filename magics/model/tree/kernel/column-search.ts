import { MemoryArray } from "../wasm/memory-array.ts";
import type { Callee, ModuleBuilder } from "../wasm/module-builder.ts";
import { count, range, when } from "../wasm/statements.ts";
import { constant, select } from "../wasm/value.ts";
import type { Frame } from "./frame.ts";
import { lowest, type Offer, type Search } from "./search.ts";

type Scan = Callee<{ column: "i32" }>;

/** What a search of all columns is made of. */
export interface ColumnSearch {
  readonly frame: Frame;
  readonly search: Search;
  readonly offer: Offer;
  /** Offers the cuts of a plain column of two values or more. */
  readonly scan: Scan;
  /** Offers the cuts of any column. */
  readonly careful: Scan;
  /** Makes ready to judge the cuts of a column. */
  readonly beginColumn: Scan;
}

/**
 * Searches all columns of the node that `search` tells of, in both parts; where it is not safe to
 * score, every cut is judged.
 */
export function defineColumnSearch(
  module: ModuleBuilder,
  parts: ColumnSearch,
): Callee<Readonly<Record<never, never>>> {
  const { frame, search, offer, scan, careful, beginColumn } = parts;
  const { columns } = frame.layout;
  const { start, end, emptyScore } = search;
  const lookAt = module.procedure("lookAt", { column: "i32" }, ({ column }, scope) => {
    const rank = scope.local("i32");
    const entries = new MemoryArray("i64", frame.entriesOf(column));
    const values = new MemoryArray("f64", frame.distinctOf(column));
    return [
      rank.set(frame.rank(entries.at(start))),
      when(
        frame.plain.at(column).and(search.isSafe),
        when(
          rank.eq(frame.rank(entries.at(end.sub(1)))),
          // Only the cut before the first row, which parts nothing.
          when(
            emptyScore.ge(search.floor),
            offer.call({ column, position: start, threshold: values.at(rank), score: emptyScore }),
          ),
          scan.call({ column }),
        ),
        careful.call({ column }),
      ),
    ];
  });
  return module.procedure("searchColumns", {}, (_, scope) => {
    const column = scope.local("i32");
    return [
      search.best.set(-Infinity),
      search.floor.set(lowest),
      search.isScoring.set(1),
      count(range(column, 0, columns), [
        search.columnBest.set(
          select(search.isSafe, constant("f64", -Infinity), constant("f64", Infinity)),
        ),
        when(search.isSafe, lookAt.call({ column })),
        frame.columnBest.set(column, search.columnBest),
      ]),
      search.isScoring.set(0),
      search.floor.set(
        select(search.isSafe, search.best.sub(search.window), constant("f64", -Infinity)),
      ),
      count(
        range(column, 0, columns),
        when(frame.columnBest.at(column).ge(search.floor), [
          beginColumn.call({ column }),
          lookAt.call({ column }),
        ]),
      ),
    ];
  });
}
