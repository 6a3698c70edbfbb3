import type { Magic, MagicCommand, MagicDescription } from "./extension.ts";

/** A magic's line, parsed and validated. */
export interface ParsedLine {
  readonly command: MagicCommand;
  readonly options: Record<string, unknown>;
  /** True for `--help`: show `formatHelp` and do not run. */
  readonly isHelp: boolean;
}

export declare function parseOptions(magic: Magic, words: readonly string[]): ParsedLine;
export declare function describeMagic(magic: Magic): MagicDescription;
export declare function formatHelp(
  magic: Magic,
  command: MagicCommand | undefined,
  prefix: string,
): string;
