import { stripVTControlCharacters } from "node:util";
import type { Output } from "./output.ts";

export interface TerminalStyle {
  readonly isColoured: boolean;
}

/** Colours only on a terminal, and never where NO_COLOR asks for none. */
export function terminalStyle(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): TerminalStyle {
  return { isColoured: stream.isTTY === true && !environment.NO_COLOR };
}

/** An output as text that ends with a newline where it is not a stream; empty for what has no text. */
export function renderOutput(output: Output, { isColoured }: TerminalStyle): string {
  const text = textOf(output);
  return isColoured ? text : stripVTControlCharacters(text);
}

function textOf(output: Output): string {
  switch (output.output_type) {
    case "stream":
      return output.text;
    case "error":
      return `${tracebackOf(output)}\n`;
    case "display_data":
    case "execute_result": {
      const plain = output.data["text/plain"] ?? output.data["text/markdown"];
      if (typeof plain === "string") return plain === "" ? "" : `${plain.replace(/\n$/, "")}\n`;
      const [type] = Object.keys(output.data);
      return type === undefined ? "" : `[${type}]\n`;
    }
  }
}

function tracebackOf({
  ename,
  evalue,
  traceback,
}: Extract<Output, { output_type: "error" }>): string {
  return traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`;
}
