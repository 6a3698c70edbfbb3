/**
 * Everything ColabCode throws on purpose. The message says what happened, with the value; `hint`
 * says what to do. A code, once released, keeps its name. One table: codes and their meaning.
 */
export const errorCodes = {
  USAGE: "The command line or an option is wrong.",
  PORT_IN_USE: "The port is held by another process.",
  NO_APP: "There is nothing to serve.",
  BAD_APP: "What was given cannot be served.",
  NO_SUCH_FILE: "A file or URL cannot be read.",
  DISK_FULL: "A disk has no space left for what has to be written.",
  BAD_TABLE: "The table cannot be used as it is.",
  NO_SUCH_COLUMN: "The table has no such column.",
  BAD_TARGET: "The target column cannot be learned.",
  BAD_MODEL: "A saved model cannot be read.",
  BAD_ROW: "A row to predict does not fit the model.",
  NO_TOKEN: "A tunnel needs a token that is not there.",
  TUNNEL_FAILED: "The tunnel could not be opened.",
  TUNNEL_UNPROVEN: "The tunnel's link did not answer as the service.",
  SERVICE_FAILED: "A service did not start.",
  SERVICE_DIED: "A service ended by itself.",
  NOT_INSTALLED: "A program is missing and could not be installed.",
  PUBLIC_WITHOUT_PASSWORD: "A public link to something that runs code needs a password.",
  NO_SUCH_SESSION: "There is no session of that name.",
  INTERRUPTED: "The user interrupted.",
  TIMED_OUT: "A step did not end in its time.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class ColabCodeError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "ColabCodeError";
    this.code = code;
    this.hint = options.hint;
  }
}
