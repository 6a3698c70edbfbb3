import type {
  Explanation,
  Model,
  ModelSchema,
  Row,
  SavedModel,
} from "../../../magics/model/model.ts";

/** Two questions about penguins, written by hand: a whole model with known answers. */
export const penguinSchema: ModelSchema = {
  name: "penguins",
  task: "classification",
  target: "species",
  features: [
    {
      name: "flipper",
      kind: "number",
      isInteger: true,
      isOptional: false,
      fallback: 197,
      minimum: 172,
      median: 197,
      maximum: 231,
    },
    {
      name: "bill",
      kind: "number",
      isInteger: false,
      isOptional: true,
      fallback: 44.45,
      minimum: 32.1,
      median: 44.45,
      maximum: 59.6,
    },
    {
      name: "island",
      kind: "category",
      isOptional: false,
      fallback: "Biscoe",
      categories: ["Biscoe", "Dream", "Torgersen"],
    },
  ],
  labels: ["Adelie", "Chinstrap", "Gentoo"],
  example: { flipper: 181, bill: 39.1, island: "Torgersen" },
};

export const penguinShares = {
  Gentoo: { Adelie: 0, Chinstrap: 0.05, Gentoo: 0.95 },
  Chinstrap: { Adelie: 0.1, Chinstrap: 0.9, Gentoo: 0 },
  Adelie: { Adelie: 0.97, Chinstrap: 0.03, Gentoo: 0 },
} as const;

export function savedPenguins(options: Readonly<Record<string, unknown>> = {}): SavedModel {
  return {
    format: "colabcode-model",
    version: 1,
    schema: penguinSchema,
    evaluation: {
      task: "classification",
      trainRows: 266,
      testRows: 67,
      accuracy: 0.955,
      confusion: [
        [29, 1, 0],
        [1, 12, 0],
        [0, 1, 23],
      ],
      classes: [
        { label: "Adelie", precision: 0.967, recall: 0.967, rows: 30 },
        { label: "Chinstrap", precision: 0.857, recall: 0.923, rows: 13 },
        { label: "Gentoo", precision: 1, recall: 0.958, rows: 24 },
      ],
    },
    trees: [],
    options,
    createdAt: "2026-01-01T00:00:00.000Z",
    versions: {},
  };
}

/** `always` in the options makes a model that gives this label to every row; `broken` makes none. */
export function createModel(saved: SavedModel): Model {
  if (saved.options["broken"] === true) throw new Error("tree 0 is not a tree");
  const { always } = saved.options;
  const labelOf = (row: Row) => {
    if (typeof always === "string") return always;
    if (Number(row["flipper"]) >= 206.5) return "Gentoo";
    return Number(row["bill"] ?? 44.45) >= 43.2 ? "Chinstrap" : "Adelie";
  };
  const sharesOf = (row: Row): Record<string, number> => ({
    ...penguinShares[labelOf(row) as keyof typeof penguinShares],
  });
  // Overloads take a row or rows; an arrow that serves both cannot be typed as them.
  const each = <T>(one: (row: Row) => T) =>
    ((rows: Row | readonly Row[]) =>
      Array.isArray(rows) ? rows.map(one) : one(rows as Row)) as never;
  return {
    schema: saved.schema,
    evaluation: saved.evaluation,
    predict: each(labelOf),
    predictProba: each(sharesOf),
    explain: (row) => explain(row as Row, sharesOf(row as Row)),
    leafOf: ([flipper = 0, bill = 0]) => {
      const labels = [...penguinSchema.labels];
      return labels.indexOf(labelOf({ flipper, bill }));
    },
    importance: () => ({ flipper: 0.7, bill: 0.3, island: 0 }),
    toJSON: () => saved,
    save: () => Promise.reject(new Error("not saved")),
  };
}

function explain(row: Row, probabilities: Record<string, number>): Explanation {
  const flipper = Number(row["flipper"]);
  const bill = Number(row["bill"] ?? 44.45);
  const step = (feature: string, value: number, threshold: number) => ({
    feature,
    text: `${feature} ${value < threshold ? "<" : "≥"} ${threshold}`,
    threshold,
    value,
    wentLeft: value < threshold,
  });
  const first = step("flipper", flipper, 206.5);
  const path = first.wentLeft ? [first, step("bill", bill, 43.2)] : [first];
  return { path, samples: 57, probabilities };
}
