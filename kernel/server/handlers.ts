import type { Completion, LanguageService } from "../language/language.ts";
import type { Connection } from "../protocol/connection.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Message } from "../protocol/message.ts";
import type { Request } from "../protocol/request.ts";
import { toCodePointOffset, toUtf16Offset } from "../protocol/text-offset.ts";
import type { CommTable } from "./comm-table.ts";
import type { History } from "./history.ts";
import { kernelInfo } from "./kernel-info.ts";
import type { MagicLoader } from "./magic-loader.ts";
import type { RuntimeKeeper } from "./runtime-keeper.ts";

/** What the requests other than execute need. */
export interface Surroundings {
  readonly connection: Connection;
  readonly language: Promise<LanguageService>;
  readonly runtimes: RuntimeKeeper;
  readonly magics: MagicLoader;
  readonly comms: CommTable;
  readonly history: History;
  readonly interrupt: () => Promise<void>;
  readonly shutdown: (isRestart: boolean) => Promise<void>;
}

type Answerable = Exclude<Request, { type: "execute_request" }>;

/** The content of the reply to `request`; undefined for a message that has no reply. */
export async function answer(
  request: Answerable,
  message: Message,
  surroundings: Surroundings,
): Promise<JsonObject | undefined> {
  switch (request.type) {
    case "kernel_info_request":
      return kernelInfo();
    case "connect_request":
      return connectReply(surroundings.connection);
    case "complete_request":
      return complete(request, surroundings);
    case "inspect_request":
      return inspect(request, surroundings);
    case "is_complete_request":
      return { ...(await (await surroundings.language).isComplete(request.code)) };
    case "history_request":
      return historyReply(request.query, surroundings.history);
    case "comm_info_request":
      return { status: "ok", comms: surroundings.comms.list(request.target) };
    case "comm_open":
    case "comm_msg":
    case "comm_close":
      return forwardComm(request, message, surroundings);
    case "interrupt_request":
      await surroundings.interrupt();
      return { status: "ok" };
    case "shutdown_request":
      await surroundings.shutdown(request.isRestart);
      return { status: "ok", restart: request.isRestart };
    case "debug_request":
      return debugReply(request);
  }
}

function connectReply({ ports }: Connection): JsonObject {
  return {
    status: "ok",
    shell_port: ports.shell,
    iopub_port: ports.iopub,
    stdin_port: ports.stdin,
    hb_port: ports.hb,
    control_port: ports.control,
  };
}

async function complete(
  { code, cursor }: { readonly code: string; readonly cursor: number },
  surroundings: Surroundings,
): Promise<JsonObject> {
  const language = await surroundings.language;
  if (code.includes("%")) await surroundings.magics.loadSoon();
  const completion = await language.complete(code, toUtf16Offset(code, cursor));
  const start = toCodePointOffset(code, completion.start);
  const end = toCodePointOffset(code, completion.end);
  const types = typesOf(completion, start, end);
  return {
    status: "ok",
    matches: completion.candidates.map(({ text }) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: { _jupyter_types_experimental: types },
  };
}

function typesOf({ candidates }: Completion, start: number, end: number): JsonObject[] {
  return candidates.map(({ text, type, signature = "" }) => ({
    start,
    end,
    text,
    type,
    signature,
  }));
}

async function inspect(
  request: { readonly code: string; readonly cursor: number; readonly detailLevel: 0 | 1 },
  surroundings: Surroundings,
): Promise<JsonObject> {
  const { code, cursor, detailLevel } = request;
  const language = await surroundings.language;
  if (code.includes("%")) await surroundings.magics.loadSoon();
  const inspection = await language.inspect(code, toUtf16Offset(code, cursor), detailLevel);
  const found = inspection !== undefined;
  return { status: "ok", found, data: inspection?.data ?? {}, metadata: {} };
}

async function historyReply(
  query: Extract<Request, { type: "history_request" }>["query"],
  history: History,
): Promise<JsonObject> {
  const entries = await history.find(query);
  return {
    status: "ok",
    history: entries.map(({ session, line, source, output }) => [
      session,
      line,
      query.hasOutput ? [source, output ?? null] : source,
    ]),
  };
}

/**
 * Comm messages do not wait for queued cells: the runtime's event loop takes them while a cell
 * awaits, so that a widget stays alive beside it.
 */
async function forwardComm(
  request: Extract<Request, { type: "comm_open" | "comm_msg" | "comm_close" }>,
  message: Message,
  { comms, runtimes }: Surroundings,
): Promise<undefined> {
  const { type, commId, target, data } = request;
  comms.note(type, commId, target);
  const runtime = await runtimes.ready();
  const { metadata, buffers } = message;
  runtime.sendComm({ message: type, commId, target, data, metadata, buffers });
}

/** There is no debugger: front ends that ask all the same get a failed response, not silence. */
function debugReply({ command, sequence }: { command: unknown; sequence: unknown }): JsonObject {
  return {
    status: "ok",
    type: "response",
    request_seq: typeof sequence === "number" ? sequence : 0,
    seq: 0,
    command: typeof command === "string" ? command : "",
    success: false,
    message: "This kernel has no debugger.",
    body: {},
  };
}
