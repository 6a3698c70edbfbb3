import { nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import type { Feature } from "./model.ts";

/** Turns rows into the numbers that a tree asks about; knows the place of each category. */
export class RowVector {
  readonly #features: readonly Feature[];
  readonly #places: readonly (ReadonlyMap<string, number> | undefined)[];
  /** The last row filled in; used again for the next one. */
  readonly values: Float64Array;

  constructor(features: readonly Feature[]) {
    this.#features = features;
    this.#places = features.map((feature) =>
      feature.kind === "category"
        ? new Map(feature.categories.map((category, place) => [category, place]))
        : undefined,
    );
    this.values = new Float64Array(features.length);
  }

  /** Fills `values` from a row; throws BAD_ROW that names the column, and the row where there are several. */
  fill(row: unknown, index?: number): Float64Array {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw badRow("is not an object with one value a column", index, this.#hintOfColumns());
    }
    for (let place = 0; place < this.#features.length; place++) {
      const feature = this.#features[place] as Feature;
      const { name } = feature;
      // Own properties only: a column may be called "constructor".
      const given: unknown = Object.hasOwn(row, name) ? Reflect.get(row, name) : undefined;
      if (given === undefined) throw missing(name, row, index);
      const value = given === null && feature.isOptional ? feature.fallback : given;
      this.values[place] =
        feature.kind === "number"
          ? numberOf(feature, value, index)
          : placeOf(feature, this.#places[place] ?? new Map(), { value, index });
    }
    return this.values;
  }

  #hintOfColumns(): string {
    return `Give { ${this.#features.map(({ name }) => name).join(", ")} }.`;
  }
}

function numberOf(feature: Feature, value: unknown, index: number | undefined): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw badRow(
    `needs a finite number for "${feature.name}", not ${show(value)}`,
    index,
    allowsNull(feature),
  );
}

function placeOf(
  feature: Feature & { kind: "category" },
  places: ReadonlyMap<string, number>,
  { value, index }: { value: unknown; index: number | undefined },
): number {
  const text = typeof value === "boolean" ? String(value) : value;
  const place = typeof text === "string" ? places.get(text) : undefined;
  if (place !== undefined) return place;
  const { name, categories } = feature;
  if (typeof text !== "string") {
    throw badRow(`needs a text for "${name}", not ${show(value)}`, index, allowsNull(feature));
  }
  const near = nearest(text, categories);
  const some = (near.length > 0 ? near : categories.slice(0, 8)).map((other) => `"${other}"`);
  const hint =
    near.length > 0
      ? `Did you mean ${some.join(" or ")}?`
      : `It was trained on ${some.join(", ")}${categories.length > 8 ? " …" : ""}.`;
  throw badRow(
    `has ${show(text)} for "${name}", which the training data did not have`,
    index,
    hint,
  );
}

function missing(name: string, row: object, index: number | undefined): ColabCodeError {
  const near = nearest(name, Object.keys(row));
  const hint = near.length > 0 ? `It has "${near[0]}": is that the one?` : `Give "${name}".`;
  return badRow(`has no "${name}"`, index, hint);
}

function allowsNull(feature: Feature): string {
  return feature.isOptional ? "null stands for a missing value." : "No value may be missing here.";
}

function badRow(what: string, index: number | undefined, hint: string): ColabCodeError {
  const row = index === undefined ? "The row" : `Row ${index}`;
  return new ColabCodeError("BAD_ROW", `${row} ${what}.`, { hint });
}

function show(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "a list" : "an object";
  return String(value);
}
