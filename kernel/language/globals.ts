/** Name of the virtual file, in the notebook's folder, that declares what cells see without import. */
export const globalsFileName = "__globals__.d.ts";

/** Declarations of what the runtime gives to every cell. A cell's own variables shadow them. */
export const globalsText = `
/** One output that can be replaced in place. */
interface DisplayOutput<Value> {
  readonly id: string;
  /** Replaces what is shown, also after the cell is done. */
  update(value: Value): void;
}

/** A widget in the page, and the state that it and the notebook share. */
interface WidgetModel<State> {
  readonly id: string;
  get<Name extends keyof State>(name: Name): State[Name];
  /** Changes a value here and in the page. */
  set<Name extends keyof State>(name: Name, value: State[Name]): void;
  /** Called when a value changed, in the page or here. */
  on<Name extends keyof State & string>(event: \`change:\${Name}\`, listener: (value: State[Name]) => void): void;
  /** Called with what the page's \`model.send\` was given. */
  on(event: "msg:custom", listener: (content: any, buffers: readonly Uint8Array[]) => void): void;
  off(event: string, listener?: (...values: never[]) => void): void;
  /** Sends a message to the page's \`model.on("msg:custom", …)\`. */
  send(content: unknown, buffers?: readonly Uint8Array[]): void;
  /** Takes the widget off every page. */
  close(): void;
}

type WidgetValue<Value> = Value extends number ? number : Value extends string ? string : Value extends boolean ? boolean : Value;

interface DisplayFunction {
  /** Shows a value as the last expression of a cell is shown. */
  (value: unknown): DisplayOutput<unknown>;
  /** Shows HTML. */
  html(text: string): DisplayOutput<string>;
  /** Shows Markdown. */
  markdown(text: string): DisplayOutput<string>;
  /** Shows an SVG picture. */
  svg(text: string): DisplayOutput<string>;
  /** Shows a PNG picture from its bytes. */
  png(bytes: Uint8Array): DisplayOutput<Uint8Array>;
  /** Shows a JPEG picture from its bytes. */
  jpeg(bytes: Uint8Array): DisplayOutput<Uint8Array>;
  /** Shows a value as a JSON tree. */
  json(value: unknown): DisplayOutput<unknown>;
  /** Shows a Vega-Lite chart from its specification. */
  vegaLite(specification: object): DisplayOutput<object>;
  /** Shows data of any MIME type. */
  raw(mime: string, data: unknown): DisplayOutput<unknown>;
  /**
   * Shows a widget where the front end has anywidget. \`esm\` is a JavaScript module (or its URL) whose
   * default export has \`render({ model, el })\`; \`state\` is what \`model.get\` and \`model.set\` share with
   * the notebook, bytes as \`Uint8Array\` included.
   */
  widget<State extends object = {}>(definition: {
    esm: string;
    css?: string;
    state?: State;
  }): WidgetModel<{ [Name in keyof State]: WidgetValue<State[Name]> }>;
  /** Clears the output of the cell; with \`wait\`, when the next output comes. */
  clear(options?: { wait?: boolean }): void;
}

/** A text that shows itself as HTML or Markdown when it is the value of a cell. */
interface DisplayableText {
  toString(): string;
}

/** Shows values in the output of the cell. */
declare const display: DisplayFunction;

/** A text that shows itself as HTML; interpolated values are escaped. */
declare function html(strings: TemplateStringsArray, ...values: unknown[]): DisplayableText;

/** A text that shows itself as Markdown. */
declare function markdown(strings: TemplateStringsArray, ...values: unknown[]): DisplayableText;

/** Asks the person in the notebook for a line of text. */
declare function input(prompt?: string): Promise<string>;

/** Asks the person in the notebook for a line of text that is not shown. */
declare function password(prompt?: string): Promise<string>;

/** Asks for a line of text and waits for it; \`null\` where none was given. */
declare function prompt(text?: string, defaultValue?: string): string | null;

declare function __magic__(name: string, line: string, options?: { line: number }): Promise<any>;
declare function __shell__(command: string): Promise<any>;
`;
