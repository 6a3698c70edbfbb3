/** One line of what TypeScript says of an error, the general first, then the details. */
export interface MessageLine {
  readonly code: number;
  readonly text: string;
}

/** Details that say all that the line above them says, and more. */
const tellingDetail =
  /^(?:Type .* is missing the following properties from type |Property .* is missing in type .* but required in type |Object literal may only specify known properties)/;
const generalLine =
  /^(?:Argument of type .* is not assignable to parameter of type |Type .* is not assignable to type )/;

const noOverload = 2769;
const overloadHeader = /^Overload \d+ of \d+, /;

/**
 * The lines that a person needs: of a call that fits no overload only the overload that it was
 * most likely meant for, and no line whose detail says it again.
 */
export function clearMessage(lines: readonly MessageLine[]): readonly MessageLine[] {
  const chosen = lines[0]?.code === noOverload ? nearestOverload(lines) : withoutRepeats(lines);
  return chosen.filter(({ text }, index) => {
    const next = chosen[index + 1];
    return next === undefined || !(generalLine.test(text) && tellingDetail.test(next.text));
  });
}

function withoutRepeats(lines: readonly MessageLine[]): readonly MessageLine[] {
  return lines.filter(({ text }, index) => lines.findIndex((each) => each.text === text) === index);
}

function nearestOverload(lines: readonly MessageLine[]): readonly MessageLine[] {
  const overloads: MessageLine[][] = [];
  for (const line of lines.slice(1)) {
    if (overloadHeader.test(line.text)) overloads.push([]);
    else overloads.at(-1)?.push(line);
  }
  const fits = overloads.map(fitOf);
  const best = Math.max(...fits);
  const [first, ...others] = overloads.filter((_, index) => fits[index] === best);
  const isOne = others.every((other) => textOf(other) === textOf(first ?? []));
  return first !== undefined && isOne ? first : lines;
}

function textOf(lines: readonly MessageLine[]): string {
  return lines.map(({ text }) => text).join("\n");
}

type Kind = "array" | "function" | "object" | "primitive" | "named";

/** How near an overload's parameter is to the argument: 2 of the same kind, 1 perhaps, 0 not. */
function fitOf(lines: readonly MessageLine[]): number {
  const match = /^Argument of type '(.*)' is not assignable to parameter of type '(.*)'\.$/s.exec(
    lines[0]?.text ?? "",
  );
  if (match === null) return 1;
  const [argument, parameter] = [kindOf(match[1] ?? ""), kindOf(match[2] ?? "")];
  if (argument === parameter) return 2;
  const isNamedObject = [argument, parameter].every(
    (kind) => kind === "named" || kind === "object",
  );
  return isNamedObject ? 1 : 0;
}

function kindOf(type: string): Kind {
  if (/^(?:readonly )?\[.*\]$|\[\]$/s.test(type)) return "array";
  if (/^(?:<.*>)?\(.*\) => /s.test(type)) return "function";
  if (
    /^(?:["'`\d-]|(?:string|number|boolean|bigint|symbol|true|false|null|undefined)\b)/.test(type)
  ) {
    return "primitive";
  }
  return type.startsWith("{") ? "object" : "named";
}
