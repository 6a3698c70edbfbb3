import { ColabCodeError } from "../../errors.ts";
import type { Model, SavedModel } from "../model.ts";
import { confusionHtml } from "./confusion-html.ts";
import { importanceHtml } from "./importance-html.ts";
import { framed, legendHtml } from "./model-html.ts";
import { confusionText, importanceText, treeText } from "./model-text.ts";
import { treeHtml } from "./tree-html.ts";

/** Something that a notebook shows when it is the value of a cell. */
export class Picture {
  readonly html: string;
  readonly text: string;

  constructor(html: string, text: string) {
    this.html = html;
    this.text = text;
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.html, "text/plain": this.text };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }
}

/** The tree of a model, left to right, deeper parts folded. */
export function treePicture(model: Pick<Model, "toJSON">): Picture {
  const saved = model.toJSON();
  return new Picture(framed(legendHtml(saved) + treeHtml(saved)), treeText(saved));
}

/** Where a model was right and wrong on held-out rows; throws USAGE for one that predicts numbers. */
export function confusionMatrix(model: Pick<Model, "toJSON">): Picture {
  const { evaluation } = model.toJSON();
  if (evaluation.task !== "classification") {
    throw new ColabCodeError("USAGE", "A model that predicts numbers has no confusion matrix.", {
      hint: "Look at model.evaluation: r2, mae and rmse.",
    });
  }
  return new Picture(framed(confusionHtml(evaluation)), confusionText(evaluation));
}

/** What a model's answer hangs on, as bars. */
export function importanceBars(model: Pick<Model, "toJSON">): Picture {
  const saved: SavedModel = model.toJSON();
  const importance = saved.details?.importance ?? {};
  return new Picture(framed(importanceHtml(importance)), importanceText(importance));
}
