import type { CellInfo, Host } from "../../kernel/extension.ts";
import { nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { Session } from "./session.ts";
import type { SessionPlan } from "./session-plan.ts";
import { answerForSessions } from "./session-socket.ts";

/** Where a session was started: a cell the front end can name, or nothing but the session's name. */
export interface Owner {
  readonly cellId: string | undefined;
  readonly executionCount: number | undefined;
}

interface Entry {
  readonly session: Session;
  owner: Owner;
  /** False from the start of its cell's next run until the command is met again. */
  isConfirmed: boolean;
}

/**
 * The sessions of one process. A session belongs to the cell that started it and ends with it:
 * when the cell is deleted, or run again without the command. A session of the same name is
 * restarted instead of started twice.
 */
export class Sessions implements AsyncDisposable {
  readonly #entries = new Map<string, Entry>();
  /** Starts and restarts of one name wait for each other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #isAnswering = false;
  #isAttached = false;

  /** Ties the sessions to the cells of a notebook; a second time does nothing. */
  attach(host: Host): void {
    if (this.#isAttached) return;
    this.#isAttached = true;
    host.onCellStart((cell) => this.#cellStarts(cell));
    host.onCellEnd((cell, outcome) => this.#cellEnds(cell, outcome));
    host.onCellsDeleted((ids) => this.#cellsDeleted(ids));
    host.onShutdown(() => this[Symbol.asyncDispose]());
  }

  list(): Session[] {
    return [...this.#entries.values()].map(({ session }) => session);
  }

  ownerOf(session: Session): Owner | undefined {
    return this.#entries.get(session.name)?.owner;
  }

  /** Throws NO_SUCH_SESSION that names the nearest. */
  get(name: string): Session {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry.session;
    const names = [...this.#entries.keys()];
    const near = nearest(name, names);
    throw new ColabCodeError("NO_SUCH_SESSION", `There is no session "${name}".`, {
      hint:
        names.length === 0
          ? "Nothing is running."
          : `Running: ${names.join(", ")}.${near[0] === undefined ? "" : ` Did you mean ${near[0]}?`}`,
    });
  }

  /**
   * Starts a session, or restarts the one of that name, and resolves when it is live. `onSession`
   * is called before anything happens, to show its card.
   */
  async open(
    name: string,
    plan: SessionPlan,
    options: {
      readonly owner: Owner;
      readonly signal: AbortSignal;
      readonly onSession: (session: Session, isRestart: boolean) => void;
    },
  ): Promise<Session> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(() =>
      this.#open(name, plan, options),
    );
    this.#turns.set(
      name,
      turn.catch(() => {}), // The caller of that turn is told.
    );
    return await turn;
  }

  async #open(
    name: string,
    plan: SessionPlan,
    options: Parameters<Sessions["open"]>[2],
  ): Promise<Session> {
    options.signal.throwIfAborted();
    const entry = this.#entries.get(name);
    if (entry !== undefined && entry.session.state !== "ended") {
      entry.owner = options.owner;
      entry.isConfirmed = true;
      options.onSession(entry.session, true);
      await entry.session.restart(plan, options.signal);
      return entry.session;
    }
    if (!this.#isAnswering) {
      this.#isAnswering = true;
      answerForSessions(this);
    }
    const session = new Session(name, plan);
    this.#entries.set(name, { session, owner: options.owner, isConfirmed: true });
    void session.ended.then(() => {
      if (this.#entries.get(name)?.session === session) this.#entries.delete(name);
    });
    options.onSession(session, false);
    await session.start(options.signal);
    return session;
  }

  /** Ends one session, or all; resolves with the names of those that ended. */
  async stop(name: string | undefined, reason: string): Promise<string[]> {
    const sessions = name === undefined ? this.list() : [this.get(name)];
    await Promise.all(sessions.map((session) => session.end(reason)));
    return sessions.map((session) => session.name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(undefined, this.#isAttached ? "the kernel ended" : "the program ended");
  }

  #cellStarts(cell: CellInfo): void {
    if (cell.cellId === undefined) return;
    for (const entry of this.#entries.values()) {
      if (entry.owner.cellId === cell.cellId) entry.isConfirmed = false;
    }
  }

  async #cellEnds(cell: CellInfo, outcome: "ok" | "error" | "interrupted"): Promise<void> {
    if (cell.cellId === undefined) return;
    const left = [...this.#entries.values()].filter(
      (entry) => entry.owner.cellId === cell.cellId && !entry.isConfirmed,
    );
    for (const entry of left) entry.isConfirmed = true;
    // A cell that failed half way may not have come to its command: the old service stays.
    if (outcome !== "ok") return;
    await Promise.all(
      left.map(({ session }) => session.end("its cell was run again without the command")),
    );
  }

  async #cellsDeleted(ids: readonly string[]): Promise<void> {
    const gone = [...this.#entries.values()].filter(
      ({ owner }) => owner.cellId !== undefined && ids.includes(owner.cellId),
    );
    await Promise.all(gone.map(({ session }) => session.end("its cell was deleted")));
  }
}

let shared: Sessions | undefined;

/** The sessions of this process. */
export function currentSessions(): Sessions {
  shared ??= new Sessions();
  return shared;
}
