import { randomBytes } from "node:crypto";
import type { Evaluation, ModelSchema } from "../model/model.ts";
import { escapeHtml } from "./escape-html.ts";
import { makeControl } from "./form-controls.ts";
import { formScript } from "./form-script.ts";
import { formStyle } from "./form-style.ts";
import { describeEvaluation } from "./model-summary.ts";

export interface FormPage {
  readonly html: string;
  /** The Content-Security-Policy that the page works under. */
  readonly policy: string;
}

interface FormPageOptions {
  readonly evaluation: Evaluation;
  readonly asksForKey: boolean;
  /** False where the schema's example is none that may be called real. */
  readonly hasRealRow: boolean;
}

/**
 * Makes the page on which a model is tried by hand: one control per feature, the answer as they
 * move, and the same request as curl, fetch and Python. It needs nothing from elsewhere.
 */
export function makeFormPage(schema: ModelSchema, options: FormPageOptions): FormPage {
  const nonce = randomBytes(16).toString("base64");
  const controls = schema.features.map((feature, index) => makeControl(feature, `field-${index}`));
  const title = escapeHtml(schema.name);
  const features = `${schema.features.length} feature${schema.features.length === 1 ? "" : "s"}`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${formStyle}</style>
</head>
<body>
<header>
  <div>
    <h1>${title}</h1>
    <p>Predicts <strong>${escapeHtml(schema.target)}</strong> from ${features}. ${escapeHtml(describeEvaluation(options.evaluation))}</p>
  </div>
  <nav aria-label="More of this service"><a href="docs">docs</a><a href="openapi.json">openapi.json</a><a href="healthz">health</a><a href="metrics">metrics</a></nav>
</header>
<main>
  <form id="form" aria-label="One row to predict" autocomplete="off">
    <div class="bar"><h2>Row</h2>${options.hasRealRow ? exampleButton : ""}<button type="button" id="medians">Medians</button></div>
    ${options.asksForKey ? keyField : ""}
    <div class="fields${controls.length > 8 ? " many" : ""}">${controls.join("\n")}</div>
  </form>
  <div class="side">
    <section aria-label="Prediction" id="answer">
      <p class="target">${escapeHtml(schema.target)}</p>
      <p class="prediction"><output id="prediction" for="form" aria-live="polite">…</output><span id="certainty"></span></p>
      <p class="error" id="failure" role="alert" hidden></p>
      <ul class="shares" id="shares" aria-label="Certainty by class"></ul>
      <h2>Path taken</h2>
      <ol class="path" id="path"></ol>
    </section>
    <section aria-label="The same from a program" class="programs">
      <div class="bar" role="tablist" aria-label="Language">${["curl", "fetch", "Python"].map(makeTab).join("")}<button type="button" id="copy">Copy</button></div>
      <pre id="program" role="tabpanel" tabindex="0" aria-labelledby="tab-curl"></pre>
      <p class="hidden" id="copied" role="status"></p>
    </section>
  </div>
</main>
<script type="application/json" id="schema" nonce="${nonce}">${asScriptData(schema)}</script>
<script nonce="${nonce}">${formScript}</script>
</body>
</html>
`;
  return { html, policy: makePolicy(nonce) };
}

const exampleButton = `<button type="button" id="example">A real row</button>`;
const keyField = `<div class="key"><label for="key">API key</label><input type="password" id="key" placeholder="X-API-Key"></div>`;

function makeTab(name: string, index: number): string {
  const isFirst = index === 0;
  return `<button type="button" role="tab" id="tab-${name.toLowerCase()}" aria-controls="program" aria-selected="${isFirst}" tabindex="${isFirst ? 0 : -1}">${name}</button>`;
}

/** JSON that cannot end the script element it stands in. */
function asScriptData(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

function makePolicy(nonce: string): string {
  const source = `'nonce-${nonce}'`;
  return `default-src 'none'; style-src ${source}; script-src ${source}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'`;
}
