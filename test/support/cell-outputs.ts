import type { ExecuteResult, KernelClient } from "../../kernel/client/kernel-client.ts";
import type { Output } from "../../kernel/client/output.ts";

/** What a person reads of a cell: streams, text of displays and results, errors. */
export function textOf(outputs: readonly Output[]): string {
  return outputs
    .map((output) => {
      switch (output.output_type) {
        case "stream":
          return output.text;
        case "error":
          return `${output.ename}: ${output.evalue}\n${output.traceback.join("\n")}`;
        case "display_data":
        case "execute_result":
          return `${output.data["text/plain"] ?? ""}\n`;
      }
    })
    .join("");
}

/** Runs a cell that must succeed; its text. */
export async function run(
  kernel: KernelClient,
  code: string,
  options: Parameters<KernelClient["execute"]>[1] = {},
): Promise<string> {
  const result = await kernel.execute(code, options);
  if (result.reply.status !== "ok") {
    throw new Error(`the cell failed:\n${code}\n${textOf(result.outputs)}`);
  }
  return textOf(result.outputs);
}

/** Runs a cell that must fail; ename, evalue and traceback as text. */
export async function fail(
  kernel: KernelClient,
  code: string,
  options: Parameters<KernelClient["execute"]>[1] = {},
): Promise<ExecuteResult & { readonly text: string }> {
  const result = await kernel.execute(code, options);
  if (result.reply.status !== "error") {
    throw new Error(`the cell did not fail:\n${code}\n${textOf(result.outputs)}`);
  }
  return { ...result, text: textOf(result.outputs) };
}

/** The first link a card shows. */
export function linkIn(text: string): URL {
  const found = /https?:\/\/[^\s]+/.exec(text);
  if (found === null) throw new Error(`no link in:\n${text}`);
  return new URL(found[0]);
}
