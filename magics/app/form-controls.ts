import type { Feature } from "../model/model.ts";
import { escapeHtml } from "./escape-html.ts";
import { formatNumber } from "./format-number.ts";

type NumberFeature = Extract<Feature, { kind: "number" }>;
type CategoryFeature = Extract<Feature, { kind: "category" }>;

/** Up to this many categories are all shown; more go into a list. */
const maxShownCategories = 4;

/** The HTML of one feature's control; `id` is unique in the page. */
export function makeControl(feature: Feature, id: string): string {
  const name = escapeHtml(feature.name);
  const body =
    feature.kind === "number"
      ? makeNumber(feature, id)
      : feature.categories.length <= maxShownCategories
        ? makeChoices(feature, id)
        : makeList(feature, id);
  const unknown = feature.isOptional
    ? `<label class="unknown"><input type="checkbox" data-part="unknown"> unknown</label>`
    : "";
  const isGroup = feature.kind === "category" && feature.categories.length <= maxShownCategories;
  const label = isGroup
    ? `<span class="name" id="${id}-name">${name}</span>`
    : `<label class="name" id="${id}-name" for="${id}">${name}</label>`;
  return `<div class="field" data-name="${name}" data-kind="${feature.kind}">
  <div class="top">${label}${unknown}</div>
  ${body}
  <p class="error" id="${id}-error" hidden></p>
</div>`;
}

function makeNumber(feature: NumberFeature, id: string): string {
  const { minimum, median, maximum } = feature;
  const step = sliderStep(feature);
  const start = brief(median);
  const range = `${formatNumber(minimum)} to ${formatNumber(maximum)}`;
  return `<div class="number">
    <input type="range" data-part="slider" aria-labelledby="${id}-name" aria-describedby="${id}-range"
      min="${minimum}" max="${maximum}" step="${step}" value="${start}"${minimum < maximum ? "" : " disabled"}>
    <input type="number" data-part="value" id="${id}" aria-describedby="${id}-error" step="any" value="${start}" title="In the training data ${range}">
  </div>
  <p class="range" id="${id}-range"><span>${formatNumber(minimum)}</span><span>${formatNumber(maximum)}</span></p>`;
}

/** As many digits as the number's box shows. */
function brief(value: number): number {
  return Number.isInteger(value)
    ? value
    : Number(value.toPrecision(Math.abs(value) < 1000 ? 4 : 6));
}

/** About 200 stops, as round as the range allows. */
function sliderStep({ minimum, maximum, isInteger }: NumberFeature): number | "any" {
  const span = maximum - minimum;
  if (!(span > 0)) return "any";
  const step = 10 ** Math.floor(Math.log10(span / 100));
  if (isInteger) return Math.max(1, step);
  // A stop must lie on the minimum's own digits, or the median cannot be shown.
  return "any";
}

function makeChoices({ categories, fallback }: CategoryFeature, id: string): string {
  const choices = categories.map((category) => {
    const value = escapeHtml(category);
    const checked = category === fallback ? " checked" : "";
    return `<label><input type="radio" name="${id}" value="${value}"${checked}><span>${value}</span></label>`;
  });
  return `<div class="choices" role="radiogroup" aria-labelledby="${id}-name" aria-describedby="${id}-error">${choices.join("")}</div>`;
}

function makeList({ categories, fallback }: CategoryFeature, id: string): string {
  const options = categories.map((category) => {
    const value = escapeHtml(category);
    return `<option value="${value}"${category === fallback ? " selected" : ""}>${value}</option>`;
  });
  return `<select id="${id}" aria-describedby="${id}-error">${options.join("")}</select>`;
}
