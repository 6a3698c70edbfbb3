import { randomUUID } from "node:crypto";
import type { MimeBundle } from "../extension.ts";
import {
  chartType,
  displaySymbol,
  encodeBytes,
  plainText,
  textOfHtml,
  toBundle,
} from "./bundle.ts";
import { outputCell, outputExecution } from "./cell-context.ts";
import { display } from "./display.ts";
import { input, promptBlocking } from "./input.ts";
import { escapeHtml } from "./table.ts";
import { ValueHandle } from "./value-handle.ts";
import { Widget, type WidgetDefinition } from "./widget.ts";

type ToBundle<Value> = (value: Value) => MimeBundle;

/** What cells have without import. */
export function cellGlobals(): Record<string, unknown> {
  return {
    display: displayGlobal(),
    html: markup("text/html", escapeHtml),
    markdown: markup("text/markdown", (text) => text),
    input: (prompt: unknown = "") => input.ask(String(prompt)),
    password: (prompt: unknown = "Password: ") => input.ask(String(prompt), { password: true }),
    prompt: (text: unknown = "", fallback?: string) => promptBlocking(String(text), fallback),
  };
}

function displayGlobal() {
  const typed = (type: string) => shower<string>((text) => ({ [type]: text, "text/plain": text }));
  const image = (type: string, name: string) =>
    shower<Uint8Array>((bytes) => ({ [type]: base64(bytes), "text/plain": `[${name}]` }));
  const json = (type: string) =>
    shower<unknown>((value) => ({ [type]: value, "text/plain": plainText(value) }));
  const raw = (mime: string, data: unknown): ValueHandle<unknown> =>
    shower<unknown>((value) => encodeBytes({ [mime]: value }))(data);
  return Object.assign(displayValue, {
    html: shower<string>((text) => ({ "text/html": text, "text/plain": textOfHtml(text) })),
    markdown: typed("text/markdown"),
    svg: shower<string>((text) => ({ "image/svg+xml": text, "text/plain": "[SVG picture]" })),
    png: image("image/png", "PNG picture"),
    jpeg: image("image/jpeg", "JPEG picture"),
    json: json("application/json"),
    vegaLite: shower<object>((specification) => {
      const { $schema } = specification as { readonly $schema?: unknown };
      const type = chartType($schema) ?? "application/vnd.vegalite.v5+json";
      return { [type]: specification, "text/plain": plainText(specification) };
    }),
    raw,
    widget(definition: WidgetDefinition): Widget {
      const widget = new Widget(definition);
      display.show(widget[displaySymbol]());
      widget.shownIn = outputExecution();
      return widget;
    },
    clear: (options?: { wait?: boolean }) => display.clear(options),
  });
}

/** Shows any value as a cell's last expression would be; later values replace it. */
function displayValue(value: unknown): ValueHandle<unknown> {
  const displayId = randomUUID();
  const shown = toBundle(value);
  const first =
    shown instanceof Promise
      ? shown.then((bundle) => void display.show(bundle, { displayId }))
      : void display.show(shown, { displayId });
  return new ValueHandle(displayId, (next) => {
    const bundle = toBundle(next);
    const replace = (data: MimeBundle) => display.update(displayId, data);
    if (first === undefined && !(bundle instanceof Promise)) replace(bundle);
    else void Promise.all([bundle, first]).then(([data]) => replace(data));
  });
}

function shower<Value>(toData: ToBundle<Value>): (value: Value) => ValueHandle<Value> {
  return (value) => {
    const handle = display.show(toData(value));
    return new ValueHandle(handle.id, (next) => handle.update(toData(next)));
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** A template tag whose values show themselves; values put in are made safe, unless markup themselves. */
function markup(type: string, escape: (text: string) => string) {
  return (strings: TemplateStringsArray, ...values: unknown[]): Markup => {
    const text = strings.reduce((sum, part, index) => {
      const value = values[index - 1];
      return sum + insert(value) + part;
    });
    return new Markup(type, text);
  };
  function insert(value: unknown): string {
    if (value instanceof Markup && value.type === type) return value.text;
    if (Array.isArray(value)) return value.map(insert).join("");
    return value === undefined || value === null || value === false ? "" : escape(String(value));
  }
}

class Markup {
  readonly type: string;
  readonly text: string;

  constructor(type: string, text: string) {
    this.type = type;
    this.text = text;
  }

  [displaySymbol](): MimeBundle {
    const plain = this.type === "text/html" ? textOfHtml(this.text) : this.text;
    return { [this.type]: this.text, "text/plain": plain };
  }

  toString(): string {
    return this.text;
  }
}

/** Makes values global; cells may define their own of the same names. */
export function defineGlobals(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  }
}

/** The signal of the cell that calls. */
export function cellSignal(): AbortSignal {
  return outputCell()?.abort.signal ?? new AbortController().signal;
}
