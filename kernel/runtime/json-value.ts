/** `value` as JSON has it: what cannot be said in JSON is left out, big integers become text. */
export function jsonValue<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? item.toString() : item,
  );
  // A JSON round trip keeps the shape, up to what JSON cannot say.
  return (text === undefined ? undefined : JSON.parse(text)) as Value;
}
