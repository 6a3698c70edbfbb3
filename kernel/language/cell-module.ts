/** A cell that other cells import from as `./name`. */
export interface CellModule {
  readonly name: string;
  readonly source: string;
  readonly isJsx: boolean;
}

const commentPattern = /^\s*\/\*\*([^]*?)\*\//;

/** Whether a cell's first comment says `@browser`: tslab's notebooks mean code for the page by it. */
export function isBrowserCell(source: string): boolean {
  return /@browser\b/.test(commentPattern.exec(source)?.[1] ?? "");
}

/** The module that a cell is: its first comment says `@module name`, and `@jsx` where it holds JSX. */
export function readCellModule(source: string): CellModule | undefined {
  const comment = commentPattern.exec(source)?.[1] ?? "";
  const name = /@module[ \t]+(\w+)\s/.exec(`${comment} `)?.[1];
  return name === undefined ? undefined : { name, source, isJsx: /@jsx\b/.test(comment) };
}
