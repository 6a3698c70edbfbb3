import { seededRandom, shuffle } from "./random.ts";

export interface RowSplit {
  /** Ascending. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Parts the numbers 0 to `groups.length - 1` so that about `share` of every group is in `test`:
 * at least one of each group with two rows or more, and never a whole group.
 */
export function splitRows(groups: Uint16Array, share: number, seed: number): RowSplit {
  const random = seededRandom(seed);
  const isTest = new Uint8Array(groups.length);
  for (const members of membersByGroup(groups)) {
    shuffle(members, random);
    const wanted = Math.round(members.length * share);
    const count = share === 0 ? 0 : Math.min(Math.max(wanted, 1), members.length - 1);
    for (const row of members.subarray(0, Math.max(0, count))) isTest[row] = 1;
  }
  return { train: rowsWhere(isTest, 0), test: rowsWhere(isTest, 1) };
}

function rowsWhere(isTest: Uint8Array, wanted: number): Int32Array {
  const rows = new Int32Array(isTest.length);
  let count = 0;
  for (let row = 0; row < isTest.length; row++) if (isTest[row] === wanted) rows[count++] = row;
  return rows.slice(0, count);
}

function membersByGroup(groups: Uint16Array): Int32Array[] {
  const sizes: number[] = [];
  for (const group of groups) sizes[group] = (sizes[group] ?? 0) + 1;
  const members = Array.from(sizes, (size) => new Int32Array(size ?? 0));
  const filled = new Int32Array(members.length);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] as number;
    const place = filled[group] as number;
    (members[group] as Int32Array)[place] = row;
    filled[group] = place + 1;
  }
  return members;
}
