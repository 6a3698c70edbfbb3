import { setTimeout as delay } from "node:timers/promises";
import type { JsonObject } from "../protocol/json.ts";
import type { Message } from "../protocol/message.ts";
import type { ExecuteContent } from "../protocol/request.ts";
import type { CellOutputs } from "./cell-outputs.ts";
import type { CellOutcome, CellRunner } from "./cell-runner.ts";
import { ExecutionQueue } from "./execution-queue.ts";
import type { History } from "./history.ts";
import type { Outbox } from "./outbox.ts";

interface Cell {
  readonly message: Message;
  readonly request: ExecuteContent;
}

interface Collaborators {
  readonly runner: CellRunner;
  readonly outputs: CellOutputs;
  readonly outbox: Outbox;
  readonly history: History;
}

/** How long requests already on their way count as queued when a cell fails, in ms. */
const onTheirWayMs = 10;

/** Runs execute requests in order, counts them and answers each: busy, outputs, reply, idle. */
export class CellExecutor {
  readonly #with: Collaborators;
  readonly #queue = new ExecutionQueue<Cell>((cell) => this.#execute(cell));
  readonly #notes: string[] = [];
  #executions = 0;
  #count = 0;
  /** The running cell, unless it is silent. */
  #running: number | undefined;

  constructor(collaborators: Collaborators) {
    this.#with = collaborators;
  }

  push(message: Message, request: ExecuteContent): void {
    this.#queue.push({ message, request });
  }

  /** Shows `text` on stderr of the running cell, else of the next one that has outputs. */
  note(text: string): void {
    if (this.#running === undefined) this.#notes.push(text);
    else
      this.#with.outputs.show({ type: "stream", execution: this.#running, name: "stderr", text });
  }

  /** Answers everything that waits with "aborted". */
  abortWaiting(): void {
    for (const cell of this.#queue.clear()) this.#abort(cell);
  }

  async #execute(cell: Cell): Promise<void> {
    const { message, request } = cell;
    const { outbox, outputs, history, runner } = this.#with;
    const started = new Date().toISOString();
    const execution = ++this.#executions;
    this.#running = request.isSilent ? undefined : execution;
    const isStored = request.isStored && request.code.trim() !== "";
    const executionCount = this.#count + 1;
    if (request.isStored) this.#count = executionCount;
    outputs.begin(execution, { parent: message, isSilent: request.isSilent });
    outbox.publish(message, { type: "status", content: { execution_state: "busy" } });
    if (!request.isSilent) this.#introduce(cell, executionCount);
    if (isStored) history.addInput(executionCount, request.code);
    const { cellId } = request;
    const outcome = await runner.run(request, { execution, executionCount, cellId });
    if (isStored && outcome.status === "ok" && outcome.result !== undefined) {
      history.addOutput(executionCount, outcome.result);
    }
    const isStopping = outcome.status === "error" && request.isStoppedByErrors;
    if (isStopping) await delay(onTheirWayMs);
    const aborted = isStopping ? this.#queue.clear() : [];
    this.#running = undefined;
    this.#conclude(message, replyContent(outcome, this.#count), started);
    for (const waiting of aborted) this.#abort(waiting);
  }

  #introduce({ message, request }: Cell, executionCount: number): void {
    const content = { code: request.code, execution_count: executionCount };
    this.#with.outbox.publish(message, { type: "execute_input", content });
    for (const text of this.#notes.splice(0)) this.note(text);
  }

  #abort({ message }: Cell): void {
    const { outbox } = this.#with;
    outbox.publish(message, { type: "status", content: { execution_state: "busy" } });
    const content = { status: "aborted", execution_count: this.#count };
    this.#conclude(message, content, new Date().toISOString());
  }

  #conclude(message: Message, content: JsonObject, started: string): void {
    const { outbox } = this.#with;
    outbox.reply("shell", message, content, { started, status: content.status });
    outbox.publish(message, { type: "status", content: { execution_state: "idle" } });
  }
}

function replyContent(outcome: CellOutcome, executionCount: number): JsonObject {
  const { status, payload } = outcome;
  const common = { status, execution_count: executionCount, payload };
  switch (status) {
    case "ok":
      return { ...common, user_expressions: outcome.expressions };
    case "error":
      return { ...common, user_expressions: {}, ...outcome.error };
  }
}
