/** What a check found: `ok`, `missing` where something optional is not there, `bad` where a start would fail. */
export interface Finding {
  readonly state: "ok" | "missing" | "bad";
  /** What is so, with the value. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

export interface CheckContext {
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One thing that a start rests on, looked at in the way the start itself does. */
export interface Check {
  readonly name: string;
  /** Rejects where it finds that a start would fail. */
  run(context: CheckContext): Promise<Finding>;
}
