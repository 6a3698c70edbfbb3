import { setTimeout as delay } from "node:timers/promises";
import type { LanguageService } from "../language/language.ts";
import type { Connection } from "../protocol/connection.ts";
import type { Message } from "../protocol/message.ts";
import { bindKernelSockets, type KernelSockets } from "../protocol/sockets.ts";
import { WireCodec } from "../protocol/wire-codec.ts";
import type {
  PastCellsQuery,
  RuntimeEnd,
  RuntimeEvent,
  RuntimeOptions,
  StartRuntime,
} from "../runtime/runtime.ts";
import { CellExecutor } from "./cell-executor.ts";
import { CellOutputs } from "./cell-outputs.ts";
import { CellRunner } from "./cell-runner.ts";
import { colabAnswerIn } from "./colab-answer.ts";
import { CommTable } from "./comm-table.ts";
import { Dispatcher } from "./dispatcher.ts";
import { answer } from "./handlers.ts";
import { History } from "./history.ts";
import { InputRequests } from "./input-requests.ts";
import { LastWills } from "./last-wills.ts";
import { log } from "./log.ts";
import { MagicLoader } from "./magic-loader.ts";
import { Outbox } from "./outbox.ts";
import { diedNote } from "./runtime-errors.ts";
import { RuntimeKeeper } from "./runtime-keeper.ts";

export interface ServerOptions {
  readonly connection: Connection;
  readonly loadLanguage: () => Promise<LanguageService>;
  readonly startRuntime: StartRuntime;
  readonly runtime: RuntimeOptions;
  readonly historyFolder: string;
}

/** A runtime has 2 s to end; one that has not by then is left to notice that the kernel is gone. */
const shutdownMs = 1_950;

/** A kernel on its sockets, from the first message to shutdown. */
export class KernelServer {
  /** Resolves after the reply to a shutdown request is sent, or after `shutdown`. */
  readonly ended: Promise<void>;
  readonly #outbox: Outbox;
  readonly #comms = new CommTable();
  readonly #wills = new LastWills();
  readonly #inputs: InputRequests;
  readonly #outputs: CellOutputs;
  readonly #history: History;
  readonly #runtimes: RuntimeKeeper;
  readonly #language: Promise<LanguageService>;
  readonly #runner: CellRunner;
  readonly #executor: CellExecutor;
  readonly #dispatcher: Dispatcher;
  readonly #options: ServerOptions;
  #folder: string;
  #sockets: KernelSockets | undefined;
  #ending: Promise<void> | undefined;
  #end: () => void = () => {};

  private constructor(options: ServerOptions) {
    const codec = new WireCodec(options.connection.key, options.connection.signatureScheme);
    this.#options = options;
    this.#folder = options.runtime.folder;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#outbox = new Outbox(codec);
    this.#inputs = new InputRequests(this.#outbox);
    this.#outputs = new CellOutputs(this.#outbox);
    this.#history = new History(options.historyFolder);
    this.#runtimes = new RuntimeKeeper(options.startRuntime, options.runtime, {
      onEvent: (event) => this.#onEvent(event),
      onMagics: (magics) => this.#tellLanguage((language) => [language.setMagics(magics)]),
      onLost: (end) => this.#onLost(end),
    });
    this.#language = options.loadLanguage();
    // A failure is told by every cell that needs the language.
    this.#language.catch((error: unknown) =>
      log(`The compiler cannot be loaded: ${String(error)}`),
    );
    const magics = new MagicLoader(this.#language, this.#runtimes);
    this.#runner = new CellRunner({
      language: this.#language,
      runtimes: this.#runtimes,
      outputs: this.#outputs,
      magics,
    });
    this.#executor = new CellExecutor({
      runner: this.#runner,
      outputs: this.#outputs,
      outbox: this.#outbox,
      history: this.#history,
    });
    this.#dispatcher = new Dispatcher({
      codec,
      outbox: this.#outbox,
      executor: this.#executor,
      answer: (request, message) =>
        answer(request, message, {
          connection: this.connection,
          language: this.#language,
          runtimes: this.#runtimes,
          magics,
          comms: this.#comms,
          history: this.#history,
          interrupt: () => this.interrupt(),
          shutdown: (isRestart) => this.#onShutdownRequest(message, isRestart),
        }),
      onInput: (message) => this.#onInput(message),
    });
  }

  /** Resolves when all sockets are bound; the compiler and the runtime go on starting. */
  static async start(options: ServerOptions): Promise<KernelServer> {
    const server = new KernelServer(options);
    try {
      server.#sockets = await bindKernelSockets(options.connection, {
        onFrames: (channel, frames) => {
          server.#dispatcher.receive(channel, frames);
        },
        onSubscribe: (topic) => server.#outbox.welcome(topic),
      });
    } catch (error) {
      await server.shutdown();
      throw error;
    }
    server.#outbox.attach(server.#sockets);
    // Not before: the compiler takes longer to start, and would share a processor with it.
    server.#runtimes.start();
    server.#outbox.publish(undefined, { type: "status", content: { execution_state: "starting" } });
    return server;
  }

  /** Where the sockets are bound. */
  get connection(): Connection {
    return this.#sockets?.connection ?? this.#options.connection;
  }

  /** Ends the running cell with its variables kept; nothing runs, nothing happens. */
  async interrupt(): Promise<void> {
    this.#inputs.cancel();
    await this.#runner.interrupt();
  }

  /** Ends the runtime, whatever it does, within 2 s; then closes the sockets. */
  async shutdown(): Promise<void> {
    await this.#endRuntime();
    await this.#close();
  }

  #onEvent(event: RuntimeEvent): void {
    switch (event.type) {
      case "stream":
      case "display":
      case "clear":
      case "error":
        this.#outputs.show(event);
        return;
      case "last-will":
        this.#wills.note(event);
        return;
      case "comm":
        this.#onComm(event);
        return;
      case "input":
        this.#onInputWanted(event);
        return;
      case "colab":
        this.#onColabWanted(event);
        return;
      case "folder":
        this.#folder = event.folder;
        this.#refreshModules();
        return;
      case "packages":
        this.#refreshModules();
        return;
      case "history":
        void this.#onHistoryWanted(event.query);
        return;
    }
  }

  #onComm(event: Extract<RuntimeEvent, { type: "comm" }>): void {
    const { message: type, commId, target, data, metadata, buffers } = event;
    this.#comms.note(type, commId, target);
    this.#outputs.flush();
    const opening = type === "comm_open" ? { target_name: target ?? "" } : {};
    const content = { comm_id: commId, data: data ?? {}, ...opening };
    const parent = this.#outputs.parentOf(event.execution);
    this.#outbox.publish(parent, { type, content }, { metadata, buffers });
  }

  #onInputWanted(event: Extract<RuntimeEvent, { type: "input" }>): void {
    const parent = this.#outputs.parentOf(event.execution);
    if (parent === undefined) {
      this.#runtimes.current?.answerInput(undefined);
      return;
    }
    this.#outputs.flush();
    this.#inputs.ask(parent, event);
  }

  #onColabWanted(event: Extract<RuntimeEvent, { type: "colab" }>): void {
    const { id, requestType, request } = event;
    const parent = this.#outputs.parentOf(event.execution);
    if (parent === undefined) {
      this.#runtimes.current?.answerColab(id, { error: "no cell asks" });
      return;
    }
    const metadata = { colab_msg_id: id, colab_request_type: requestType };
    // Colab's own library names the session alone: the request is no output of the cell.
    const parentHeader = { session: parent.header.session };
    const broadcast = { type: "colab_request", content: { request } } as const;
    this.#outbox.publish(parent, broadcast, { metadata, parentHeader });
  }

  async #onHistoryWanted(query: PastCellsQuery): Promise<void> {
    const cells = await this.#history.pastCells(query).catch(() => []);
    this.#runtimes.current?.answerHistory(cells);
  }

  #onInput(message: Message): void {
    const colab = colabAnswerIn(message);
    if (colab !== undefined) this.#runtimes.current?.answerColab(colab.id, colab.answer);
    const value = this.#inputs.answerIn(message);
    if (value !== undefined) this.#runtimes.current?.answerInput(value);
  }

  #refreshModules(): void {
    this.#tellLanguage((language) => [language.setFolder(this.#folder)]);
  }

  #onLost(end: RuntimeEnd): void {
    log(`The runtime is gone: ${end.reason}`);
    this.#carryOutWills();
    for (const id of this.#comms.clear()) {
      const content = { comm_id: id, data: {} };
      this.#outbox.publish(undefined, { type: "comm_close", content });
    }
    this.#inputs.cancel();
    if (!this.#runner.isExecuting) this.#executor.note(diedNote(end));
    this.#folder = this.#options.runtime.folder;
    this.#tellLanguage((language) => [
      language.reset(),
      language.setMagics([]),
      language.setFolder(this.#folder),
    ]);
  }

  #carryOutWills(): void {
    for (const update of this.#wills.take()) this.#outputs.show(update);
  }

  #tellLanguage(tell: (language: LanguageService) => readonly unknown[]): void {
    this.#language
      .then((language) => Promise.all(tell(language)))
      .catch((error: unknown) => log(`The compiler was not told: ${String(error)}`));
  }

  async #onShutdownRequest(message: Message, isRestart: boolean): Promise<void> {
    await this.#endRuntime();
    this.#outbox.publish(message, { type: "shutdown_reply", content: { restart: isRestart } });
    // The reply and idle are said when this returns, and closing sends what was said.
    setImmediate(() => void this.#close());
  }

  async #endRuntime(): Promise<void> {
    this.#executor.abortWaiting();
    const ending = this.#runtimes[Symbol.asyncDispose]();
    await Promise.race([ending, delay(shutdownMs, undefined, { ref: false })]);
    this.#carryOutWills();
    await this.#history.flush();
  }

  #close(): Promise<void> {
    this.#ending ??= (async () => {
      await this.#sockets?.[Symbol.asyncDispose]();
      this.#end();
    })();
    return this.#ending;
  }
}
