import { KernelError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import type { Message } from "./message.ts";

export interface ExecuteContent {
  readonly code: string;
  readonly isSilent: boolean;
  readonly isStored: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  readonly isInputAllowed: boolean;
  readonly isStoppedByErrors: boolean;
  readonly cellId: string | undefined;
  readonly deletedCells: readonly string[];
}

export type HistoryQuery = {
  readonly hasOutput: boolean;
} & (
  | { readonly access: "tail"; readonly n: number }
  | {
      readonly access: "range";
      readonly session: number;
      readonly start: number;
      readonly stop: number | undefined;
    }
  | {
      readonly access: "search";
      readonly pattern: string;
      readonly n: number | undefined;
      readonly isUnique: boolean;
    }
);

export interface CommContent {
  readonly commId: string;
  readonly target: string | undefined;
  readonly data: unknown;
}

/** A request of a front end with its fields checked and defaults filled in. */
export type Request =
  | { readonly type: "kernel_info_request" }
  | { readonly type: "connect_request" }
  | ({ readonly type: "execute_request" } & ExecuteContent)
  | { readonly type: "complete_request"; readonly code: string; readonly cursor: number }
  | {
      readonly type: "inspect_request";
      readonly code: string;
      readonly cursor: number;
      readonly detailLevel: 0 | 1;
    }
  | { readonly type: "is_complete_request"; readonly code: string }
  | { readonly type: "history_request"; readonly query: HistoryQuery }
  | { readonly type: "comm_info_request"; readonly target: string | undefined }
  | ({ readonly type: "comm_open" | "comm_msg" | "comm_close" } & CommContent)
  | { readonly type: "interrupt_request" }
  | { readonly type: "shutdown_request"; readonly isRestart: boolean }
  | { readonly type: "debug_request"; readonly command: unknown; readonly sequence: unknown };

/**
 * Reads a request; undefined for a type that is not known. Throws a `KernelError` that names the
 * field where one is missing that has no default, or has the wrong type.
 */
export function parseRequest(message: Message): Request | undefined {
  const { metadata } = message;
  const type = message.header.msg_type;
  const fields = new Fields(type, message.content);
  switch (type) {
    case "kernel_info_request":
    case "connect_request":
    case "interrupt_request":
      return { type };
    case "execute_request": {
      const isSilent = fields.flag("silent", false);
      return {
        type,
        code: fields.text("code"),
        isSilent,
        isStored: !isSilent && fields.flag("store_history", true),
        userExpressions: texts(message.content.user_expressions),
        isInputAllowed: fields.flag("allow_stdin", true),
        isStoppedByErrors: fields.flag("stop_on_error", true),
        cellId: typeof metadata.cellId === "string" ? metadata.cellId : undefined,
        deletedCells: Array.isArray(metadata.deletedCells)
          ? metadata.deletedCells.filter((id): id is string => typeof id === "string")
          : [],
      };
    }
    case "complete_request":
      return { type, code: fields.text("code"), cursor: fields.cursor() };
    case "inspect_request": {
      const detailLevel = message.content.detail_level === 1 ? 1 : 0;
      return { type, code: fields.text("code"), cursor: fields.cursor(), detailLevel };
    }
    case "is_complete_request":
      return { type, code: fields.text("code") };
    case "history_request":
      return { type, query: parseHistory(fields) };
    case "comm_info_request":
      return { type, target: fields.optionalText("target_name") };
    case "comm_open":
    case "comm_msg":
    case "comm_close": {
      const target = type === "comm_open" ? fields.text("target_name") : undefined;
      return { type, commId: fields.text("comm_id"), target, data: message.content.data };
    }
    case "shutdown_request":
      return { type, isRestart: fields.flag("restart", false) };
    case "debug_request":
      return { type, command: message.content.command, sequence: message.content.seq };
    default:
      return undefined;
  }
}

function parseHistory(fields: Fields): HistoryQuery {
  const hasOutput = fields.flag("output", false);
  const access = fields.optionalText("hist_access_type") ?? "tail";
  switch (access) {
    case "tail":
      return { access, hasOutput, n: fields.integer("n") ?? 10 };
    case "range": {
      const session = fields.integer("session") ?? 0;
      const start = fields.integer("start") ?? 0;
      return { access, hasOutput, session, start, stop: fields.integer("stop") };
    }
    case "search": {
      const pattern = fields.optionalText("pattern") ?? "*";
      const isUnique = fields.flag("unique", false);
      return { access, hasOutput, pattern, n: fields.integer("n"), isUnique };
    }
    default:
      throw fields.wrong("hist_access_type", "tail, range or search");
  }
}

class Fields {
  readonly #type: string;
  readonly #content: JsonObject;

  constructor(type: string, content: JsonObject) {
    this.#type = type;
    this.#content = content;
  }

  text(name: string): string {
    const value = this.#content[name];
    if (typeof value !== "string") throw this.wrong(name, "text");
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#content[name] ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    throw this.wrong(name, "text");
  }

  flag(name: string, missing: boolean): boolean {
    const value = this.#content[name] ?? missing;
    if (typeof value !== "boolean") throw this.wrong(name, "true or false");
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.#content[name] ?? undefined;
    if (value === undefined || (typeof value === "number" && Number.isInteger(value))) return value;
    throw this.wrong(name, "a whole number");
  }

  /** `cursor_pos` counts code points; without one the cursor is at the end. */
  cursor(): number {
    return this.integer("cursor_pos") ?? Number.POSITIVE_INFINITY;
  }

  wrong(name: string, wanted: string): KernelError {
    const value = JSON.stringify(this.#content[name])?.slice(0, 60) ?? "missing";
    return new KernelError("bad-request", `${this.#type}: ${name} is ${value}, not ${wanted}.`);
  }
}

function texts(value: unknown): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
