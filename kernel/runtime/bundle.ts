import { inspect } from "node:util";
import type { MimeBundle } from "../extension.ts";
import { errorContent } from "./error-content.ts";
import { jsonValue } from "./json-value.ts";
import { isRowArray, tableBundle } from "./table.ts";

/** Objects with this method show what it returns: a bundle by MIME type, or a promise of one. */
export const displaySymbol = Symbol.for("Jupyter.display");

/** How a value shows itself; `text/plain` is always there. Never throws or rejects. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = ownBundle(value) ?? elementBundle(value) ?? chartBundle(value);
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

/** An element of a document (jsdom, linkedom), as Observable Plot and D3 make them. */
function elementBundle(value: unknown): MimeBundle | undefined {
  const html = fieldOf(value, "outerHTML");
  if (typeof html !== "string") return undefined;
  const text = textOfHtml(html);
  const name = /^<([\w-]+)/.exec(html)?.[1] ?? "HTML";
  return { "text/html": html, "text/plain": text === "" ? `[${name} element]` : text };
}

/** A Vega or Vega-Lite specification says by its `$schema` what it is. */
function chartBundle(value: unknown): MimeBundle | undefined {
  const type = chartType(fieldOf(value, "$schema"));
  if (type === undefined) return undefined;
  try {
    return { [type]: jsonValue(value), "text/plain": plainText(value) };
  } catch {
    // Not JSON, so no specification either.
    return undefined;
  }
}

/** The MIME type of a specification by its `$schema`; undefined for other schemas. */
export function chartType(schema: unknown): string | undefined {
  if (typeof schema !== "string") return undefined;
  const match = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)/.exec(schema);
  return match === null
    ? undefined
    : `application/vnd.${match[1]?.replace("-", "")}.v${match[2]}+json`;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return (value as Readonly<Record<string, unknown>>)[name];
  } catch {
    // A getter that throws is shown as `inspect` shows it.
    return undefined;
  }
}

/** What is left of HTML without its tags. */
export function textOfHtml(html: string): string {
  return html
    .replace(/<(style|script)[^]*?<\/\1>/gi, "")
    .replace(/<\/(p|div|tr|h\d|li)>|<br\s*\/?>/gi, "\n")
    .replace(/<[^>]+>/g, "")
    .trim();
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
