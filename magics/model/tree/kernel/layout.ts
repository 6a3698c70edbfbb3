import { ColabCodeError } from "../../../errors.ts";

/** How large a growth is. */
export interface Sizes {
  readonly rows: number;
  /** Features only. */
  readonly columns: number;
  /** Of the target; 0 where it is a number. */
  readonly classes: number;
}

/** Sizes, the places of an entry's parts, and the addresses of what the kernel keeps in its memory. */
export type Layout = ReturnType<typeof layOut>;

/** The first bytes of the memory: what the kernel answers with. */
export const answerAt = { threshold: 0, gain: 8, column: 16, position: 20 } as const;

const page = 65_536;
const mostBytes = 65_535 * page;

/** Places everything in the memory; throws BAD_TABLE where 4 GB do not suffice. */
export function layOut({ rows, columns, classes }: Sizes) {
  let end = 64;
  const reserve = (items: number, size: number) => {
    const start = end;
    end += Math.ceil((items * size) / 8) * 8;
    return start;
  };
  const layout = {
    rows,
    columns,
    classes,
    labelShift: bitsFor(rows),
    rankShift: bitsFor(rows) + bitsFor(classes),
    histogramAt: reserve(2048, 4),
    plainAt: reserve(columns, 4),
    columnBestAt: reserve(columns, 8),
    leftAt: reserve(classes, 4),
    probeAt: reserve(classes, 4),
    bestLeftAt: reserve(classes, 4),
    // One more column than there are features: the rows in their own order.
    entriesAt: reserve((columns + 1) * rows, 8),
    distinctAt: reserve(columns * rows, 8),
    sourceAt: reserve(rows, 8),
    spareAt: reserve(rows, 8),
    goesLeftAt: reserve(rows, 1),
    targetsAt: reserve(rows, 8),
    slotsAt: end,
  };
  if (end > mostBytes) {
    throw new ColabCodeError("BAD_TABLE", `${rows} rows of ${columns} features are too many.`, {
      hint: "Train on a part of the rows, or name fewer columns with --features.",
    });
  }
  return layout;
}

/** Pages that the memory needs to reach up to an address. */
export function pagesFor(end: number): number {
  return Math.ceil(end / page);
}

function bitsFor(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}
