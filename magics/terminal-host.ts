import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { type Host, KernelError, type MimeBundle } from "../kernel/extension.ts";

/**
 * A host for programs and the command line, where there is no notebook: outputs go to the
 * terminal as text, progress to one line of stderr, and there are no cells.
 */
export function terminalHost(signal: AbortSignal, folder = process.cwd()): Host {
  const status = new StatusLine();
  const print = (data: MimeBundle) => {
    const text = String(data["text/plain"] ?? "");
    if (text.includes("\n")) status.finish(text);
    else status.show(text);
  };
  return {
    display: {
      show(data, options) {
        print(data);
        return { id: options?.displayId ?? "terminal", update: print };
      },
      update: (_id, data) => print(data),
      lastWill() {},
      clear() {},
      write(stream, text) {
        status.clear();
        process[stream].write(text);
      },
    },
    variables: {
      names: () => [],
      has: () => false,
      get: () => undefined,
      set() {},
    },
    input: {
      isAllowed: process.stdin.isTTY === true,
      ask: (prompt, options) => askInTerminal(prompt, options?.password === true, options?.signal),
    },
    comms: {
      open() {
        throw new KernelError("NO_COMMS", "There is no notebook to open a comm to.");
      },
      registerTarget() {},
    },
    folder,
    cell: undefined,
    signal,
    onCellStart() {},
    onCellEnd() {},
    onCellsDeleted() {},
    onShutdown() {},
  };
}

/** One line of stderr that is written over on a terminal, and plain lines elsewhere. */
class StatusLine {
  #shown = "";
  #lastBlock = "";

  show(text: string): void {
    if (text === this.#shown) return;
    if (process.stderr.isTTY) {
      const columns = process.stderr.columns || 80;
      process.stderr.write(`\r\u001b[2K${text.slice(0, columns - 1)}`);
    } else {
      process.stderr.write(`${text}\n`);
    }
    this.#shown = text;
  }

  clear(): void {
    if (this.#shown !== "" && process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
    this.#shown = "";
  }

  finish(text: string): void {
    this.clear();
    if (text === this.#lastBlock) return;
    this.#lastBlock = text;
    process.stdout.write(`${text}\n`);
  }
}

async function askInTerminal(
  prompt: string,
  isHidden: boolean,
  signal: AbortSignal | undefined,
): Promise<string> {
  // What is typed is echoed by readline through its output: a password has nowhere to go.
  const output = isHidden
    ? new Writable({ write: (_chunk, _encoding, done) => done() })
    : process.stderr;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    if (isHidden) process.stderr.write(prompt);
    return await reader.question(isHidden ? "" : prompt, signal === undefined ? {} : { signal });
  } finally {
    reader.close();
    if (isHidden) process.stderr.write("\n");
  }
}
