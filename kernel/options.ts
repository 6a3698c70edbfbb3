/**
 * The options of magics and programs, all from one zod schema per command: parsing, validation,
 * descriptions for completion and tables, help.
 */
export { describeMagic, flagOf } from "./options/describe-magic.ts";
export { formatHelp } from "./options/format-help.ts";
export { type ParsedLine, parseLine, parseOptions } from "./options/parse-options.ts";
export { splitLine, type Word } from "./options/split-line.ts";
export { UsageError } from "./options/usage-error.ts";
