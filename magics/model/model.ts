import type { Table } from "../data/table.ts";
import type { CartTree } from "./ml-cart.ts";

/** A value of a table's cell as a row for prediction holds it. */
export type Value = number | string | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** One input column of a model, with what the training data showed of it. */
export type Feature = {
  readonly name: string;
  /** What stands in for a missing value: the training median or the most frequent category. */
  readonly fallback: number | string;
  /** True where the training data had missing values: then `null` is allowed in a row. */
  readonly isOptional: boolean;
} & (
  | {
      readonly kind: "number";
      readonly isInteger: boolean;
      /** Smallest, median and largest value of the training data. */
      readonly minimum: number;
      readonly median: number;
      readonly maximum: number;
    }
  | {
      readonly kind: "category" /** In the order of their codes. */;
      readonly categories: readonly string[];
    }
);

/** What a model takes and gives; everything an API needs to describe it. */
export interface ModelSchema<R = Row> {
  readonly name: string;
  readonly task: "classification" | "regression";
  readonly target: string;
  readonly features: readonly Feature[];
  /** Class names by code; empty for regression. */
  readonly labels: readonly string[];
  /** A real row of the training data, by feature name. */
  readonly example: R;
}

/** How well a model did on rows it was not trained on. */
export type Evaluation = {
  readonly trainRows: number;
  readonly testRows: number;
} & (
  | {
      readonly task: "classification";
      readonly accuracy: number;
      /** Rows: true class; columns: predicted class; both in the order of `labels`. */
      readonly confusion: readonly (readonly number[])[];
      readonly classes: readonly {
        readonly label: string;
        readonly precision: number;
        readonly recall: number;
        readonly rows: number;
      }[];
    }
  | {
      readonly task: "regression";
      readonly r2: number;
      readonly mae: number;
      readonly rmse: number;
    }
);

/** One question on the way from the root to a leaf, answered. */
export interface Step {
  readonly feature: string;
  /** In words, as it was answered: "tempo < 103.4", "tempo ≥ 103.4". */
  readonly text: string;
  readonly threshold: number;
  readonly value: number;
  readonly wentLeft: boolean;
}

export interface Explanation {
  readonly path: readonly Step[];
  /** Training rows in the leaf, and their share by class (classification) or mean (regression). */
  readonly samples: number;
  readonly probabilities: Readonly<Record<string, number>>;
}

/** A model as a file or message: plain JSON. */
export interface SavedModel {
  readonly format: "colabcode-model";
  readonly version: 1;
  readonly schema: ModelSchema;
  readonly evaluation: Evaluation;
  /** ml-cart's own JSON, one for each tree; loads with ml-cart's `load`. */
  readonly trees: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What ml-cart's JSON does not hold; models from elsewhere may be without. */
  readonly details?: ModelDetails;
}

/** What training found out beside the tree itself. */
export interface ModelDetails {
  /** Training rows of every node of every tree, in pre-order. */
  readonly nodeRows: readonly (readonly number[])[];
  /** Share of the gain by feature, largest first. */
  readonly importance: Readonly<Record<string, number>>;
  /** What was left out, filled in or is worth knowing, one sentence each. */
  readonly notes: readonly string[];
  /** Where the table came from, for people. */
  readonly source: string;
}

/**
 * One row, or several rows: then `Many` is known and `Answer` is an array. While it is not, this is
 * `R` itself, which is what an error then names.
 */
export type OneOrMany<R, Many> = R | ([Many] extends [never] ? never : Rows<R, Many>);
type Rows<R, Many> = readonly R[] & { readonly [Symbol.iterator]: Many };
export type Answer<One, Many> = [Many] extends [never] ? One : One[];

/**
 * A fitted model. `R` is the row it takes, made from the table's columns, so that a missing or
 * misspelt column is a type error. Rows are checked at run time too: predicting throws
 * ColabCodeError BAD_ROW that names the column.
 */
export interface Model<R = Row, L = string | number> {
  readonly schema: ModelSchema<R>;
  readonly evaluation: Evaluation;
  /** The answer for a row, or those for an array of rows. */
  predict<Many = never>(input: OneOrMany<R, Many>): Answer<L, Many>;
  /** Share of each class, by label; classification only. */
  predictProba<Many = never>(input: OneOrMany<R, Many>): Answer<Record<string, number>, Many>;
  explain(row: R): Explanation;
  /**
   * Where it is there and one tree answers: the leaf that a row comes to, as a small number. Takes
   * the row's numbers in the order of the features, of categories their places, of missing values
   * what stands in for them. Rows of one leaf have one answer.
   */
  leafOf?(values: Float64Array): number | undefined;
  /** Share of the total gain each feature brought, by name, largest first. */
  importance(): Record<string, number>;
  toJSON(): SavedModel;
  save(path: string): Promise<void>;
}

/** A model fresh from training or from a file, with all that its trees can tell. */
export interface TrainedModel<R = Row, L = string | number> extends Model<R, L> {
  /** What was left out, filled in or is worth knowing, one sentence each. */
  readonly notes: readonly string[];
  /** The tree as ml-cart's own object; the first one of a forest. */
  readonly tree: CartTree;
  /** Judges the model on other rows, which have the target too; rows without it are left out. */
  evaluate(rows: Table | Table<never> | readonly object[]): Evaluation;
  /**
   * Writes the model as an ONNX file with one input a column, of the column's name: double for
   * numbers (NaN where missing), string for texts. Gives `label` and `probabilities`, or `value`.
   */
  exportOnnx(path: string): Promise<void>;
}
