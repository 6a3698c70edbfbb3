import type { RuntimeEnd } from "./runtime.ts";

export interface EndEvidence {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** `process.exit` was called with this code. */
  readonly exitCode: number | undefined;
  readonly heapLimitBytes: number | undefined;
  /** The last that the process wrote to its standard error. */
  readonly errorTail: string;
}

/** Why a runtime ended by itself, in words. */
export function endReason(evidence: EndEvidence): RuntimeEnd {
  return { isExpected: false, reason: reasonText(evidence) };
}

function reasonText({ code, signal, exitCode, heapLimitBytes, errorTail }: EndEvidence): string {
  if (exitCode !== undefined) return `process.exit(${exitCode}) was called.`;
  if (/heap out of memory|Reached heap limit|invalid table size/.test(errorTail)) {
    const limit =
      heapLimitBytes === undefined ? "" : ` (limit ${Math.round(heapLimitBytes / 1024 / 1024)} MB)`;
    return `The runtime ran out of memory${limit}. Start the kernel with NODE_OPTIONS=--max-old-space-size=8192 in its environment for more, in MB.`;
  }
  const last = lastLine(errorTail);
  const said = last === undefined ? "" : ` Its last line: ${last}`;
  if (signal === "SIGKILL") {
    return "The runtime was killed (SIGKILL): by hand, or by the system when memory runs short.";
  }
  if (signal === "SIGABRT" || signal === "SIGSEGV" || signal === "SIGBUS" || signal === "SIGILL") {
    return `The runtime crashed (${signal}) in native code.${said}`;
  }
  if (signal !== null) return `The runtime was ended by the signal ${signal}.`;
  return `The runtime ended with exit code ${code}.${said}`;
}

function lastLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^-+ Native stack trace -+$|^\d+: 0x/.test(line))
    .at(-1);
}
