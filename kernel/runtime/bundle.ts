import { inspect } from "node:util";
import type { MimeBundle } from "../extension.ts";
import { errorContent } from "./error-content.ts";
import { jsonValue } from "./json-value.ts";
import { isRowArray, tableBundle } from "./table.ts";

/** Objects with this method show what it returns: a bundle by MIME type, or a promise of one. */
export const displaySymbol = Symbol.for("Jupyter.display");

/** How a value shows itself; `text/plain` is always there. Never throws or rejects. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = ownBundle(value);
  if (own !== undefined) return own;
  if (value instanceof Error) return { "text/plain": errorContent(value).traceback.join("\n") };
  return isRowArray(value) ? tableBundle(value) : { "text/plain": plainText(value) };
}

/** `value` as text for a terminal, without colours and of bounded size. */
export function plainText(value: unknown): string {
  try {
    return inspect(value, {
      depth: 4,
      maxArrayLength: 200,
      maxStringLength: 100_000,
      breakLength: 80,
      colors: false,
    });
  } catch (error) {
    return `[a value that cannot be shown: ${error instanceof Error ? error.message : "error"}]`;
  }
}

function ownBundle(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return undefined;
  }
  try {
    const show: unknown = (value as { [displaySymbol]?: unknown })[displaySymbol];
    if (typeof show !== "function") return undefined;
    const shown: unknown = show.call(value);
    if (!(shown instanceof Promise)) return complete(shown, value);
    return shown.then(
      (bundle) => complete(bundle, value),
      (error: unknown) => failedBundle(error, value),
    );
  } catch (error) {
    return failedBundle(error, value);
  }
}

function complete(shown: unknown, value: unknown): MimeBundle {
  if (typeof shown !== "object" || shown === null) return { "text/plain": plainText(value) };
  const bundle = jsonValue(encodeBytes(shown as MimeBundle));
  return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": plainText(value) };
}

function failedBundle(error: unknown, value: unknown): MimeBundle {
  const { ename, evalue } = errorContent(error);
  const complaint = `its Jupyter.display method failed: ${ename}: ${evalue}`;
  return { "text/plain": `${plainText(value)}\n(${complaint})` };
}

/** Bytes become the base64 text that messages carry. */
export function encodeBytes(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data,
    ]),
  );
}
