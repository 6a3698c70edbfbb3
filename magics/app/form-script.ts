/** What runs on the form page. It is text here, since it is for the browser and for no bundler. */
export const formScript = String.raw`
"use strict";
const schema = JSON.parse(document.getElementById("schema").textContent);
const part = (id) => document.getElementById(id);
const fields = [...document.querySelectorAll(".field")];
const byName = new Map(fields.map((field) => [field.dataset.name, field]));
const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#8a8a8a"];
const maxBars = 10;

function read(field) {
  const unknown = field.querySelector("[data-part=unknown]");
  if (unknown !== null && unknown.checked) return null;
  if (field.dataset.kind === "number") {
    const input = field.querySelector("[data-part=value]");
    return input.value === "" ? null : Number(input.value);
  }
  const chosen = field.querySelector("input[type=radio]:checked, select");
  return chosen === null ? null : chosen.value;
}

// What is shown is what is asked: digits that do not fit the box would be neither.
const brief = (value) => Number.isInteger(value) ? value : Number(value.toPrecision(Math.abs(value) < 1000 ? 4 : 6));

function write(field, value) {
  const unknown = field.querySelector("[data-part=unknown]");
  const isUnknown = value === null || value === undefined;
  if (unknown !== null) unknown.checked = isUnknown;
  field.classList.toggle("is-unknown", isUnknown && unknown !== null);
  if (isUnknown) return;
  if (field.dataset.kind === "number") {
    for (const input of field.querySelectorAll(".number input")) input.value = brief(value);
    return;
  }
  const list = field.querySelector("select");
  if (list !== null) list.value = value;
  for (const radio of field.querySelectorAll("input[type=radio]")) radio.checked = radio.value === value;
}

function readRow() {
  return Object.fromEntries(fields.map((field) => [field.dataset.name, read(field)]));
}

function number(value) {
  if (Number.isInteger(value)) return value.toLocaleString();
  return value.toLocaleString(undefined, { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 6 });
}
const percent = (share) => (share * 100).toFixed(1) + " %";

let shown;
function showAnswer(answer) {
  const isClass = schema.task === "classification";
  const text = isClass ? String(answer.prediction) : number(answer.prediction);
  // A live region is read aloud at each change of its text.
  if (shown !== text) part("prediction").textContent = text;
  shown = text;
  part("certainty").textContent = isClass ? percent(answer.probability) + " certain" : "";
  if (isClass) showShares(answer);
  const steps = (answer.path || []).map((step) => step.text);
  part("path").replaceChildren(...steps.map((step) => item(step)), item(text, "leaf"));
}

function item(text, name) {
  const box = document.createElement("span");
  box.textContent = text;
  if (name !== undefined) box.className = name;
  const element = document.createElement("li");
  element.append(box);
  return element;
}

const bars = new Map();
function showShares(answer) {
  const list = part("shares");
  let labels = schema.labels;
  if (labels.length > maxBars) {
    labels = [...labels].sort((a, b) => (answer.probabilities[b] || 0) - (answer.probabilities[a] || 0)).slice(0, maxBars);
  }
  list.replaceChildren(...labels.map((label) => {
    const bar = bars.get(label) || makeBar(label);
    const share = answer.probabilities[label] || 0;
    bar.classList.toggle("is-first", label === answer.prediction);
    bar.querySelector(".fill").style.width = share * 100 + "%";
    bar.querySelector(".share").textContent = percent(share);
    return bar;
  }));
}

function makeBar(label) {
  const bar = document.createElement("li");
  for (const name of ["label", "track", "share"]) {
    const element = document.createElement("span");
    element.className = name;
    bar.append(element);
  }
  const name = bar.querySelector(".label");
  name.textContent = label;
  name.title = label;
  const fill = document.createElement("div");
  fill.className = "fill";
  fill.style.background = palette[schema.labels.indexOf(label) % palette.length];
  bar.querySelector(".track").append(fill);
  bars.set(label, bar);
  return bar;
}

function clearErrors() {
  part("failure").hidden = true;
  for (const field of fields) {
    field.classList.remove("is-wrong");
    field.querySelector(".error").hidden = true;
    for (const input of field.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }
}

function showErrors(detail) {
  const rest = [];
  for (const error of Array.isArray(detail) ? detail : [{ loc: [], msg: String(detail) }]) {
    const field = byName.get(String(error.loc[1]));
    if (field === undefined) {
      rest.push(error.msg);
      continue;
    }
    field.classList.add("is-wrong");
    for (const input of field.querySelectorAll("[data-part=value], select")) input.setAttribute("aria-invalid", "true");
    const place = field.querySelector(".error");
    place.textContent = error.msg;
    place.hidden = false;
  }
  part("failure").textContent = rest.join(" ");
  part("failure").hidden = rest.length === 0;
}

let request;
async function ask() {
  if (request !== undefined) request.abort();
  const own = new AbortController();
  request = own;
  showProgram();
  const headers = { "content-type": "application/json" };
  const key = part("key");
  if (key !== null) headers["x-api-key"] = key.value;
  const query = schema.task === "classification" ? "?proba=1&explain=1" : "?explain=1";
  try {
    const response = await fetch("predict" + query, { method: "POST", headers, body: JSON.stringify(readRow()), signal: own.signal });
    const answer = await response.json();
    if (own !== request) return;
    clearErrors();
    part("answer").classList.toggle("is-wrong", !response.ok);
    for (const id of ["prediction", "shares", "path"]) part(id).classList.toggle("is-stale", !response.ok);
    if (response.ok) showAnswer(answer);
    else showErrors(answer.detail);
  } catch (error) {
    if (error.name !== "AbortError" && own === request) showErrors("The service does not answer (" + error.message + ").");
  }
}

let timer;
function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, 40);
}

const url = new URL("predict", location.href).href;
const asPython = (value) => value === null ? "None" : JSON.stringify(value);
const programs = {
  curl(row, key) {
    const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
    const lines = ["curl -X POST " + quote(url), "  -H 'Content-Type: application/json'"];
    if (key) lines.push("  -H 'X-API-Key: YOUR_KEY'");
    lines.push("  -d " + quote(JSON.stringify(row)));
    return lines.join(" \\\n");
  },
  fetch(row, key) {
    const headers = { "Content-Type": "application/json", ...(key ? { "X-API-Key": "YOUR_KEY" } : {}) };
    return "const response = await fetch(" + JSON.stringify(url) + ", {\n  method: \"POST\",\n  headers: " + JSON.stringify(headers)
      + ",\n  body: JSON.stringify(" + JSON.stringify(row) + "),\n});\nconsole.log(await response.json());";
  },
  python(row, key) {
    const values = Object.entries(row).map(([name, value]) => JSON.stringify(name) + ": " + asPython(value)).join(", ");
    const extra = key ? ", \"X-API-Key\": \"YOUR_KEY\"" : "";
    return "import json, urllib.request\n\nrow = {" + values + "}\nrequest = urllib.request.Request(\n    " + JSON.stringify(url)
      + ",\n    data=json.dumps(row).encode(),\n    headers={\"Content-Type\": \"application/json\"" + extra + "},\n)\nprint(json.load(urllib.request.urlopen(request)))";
  },
};
let language = "curl";
function showProgram() {
  part("program").textContent = programs[language](readRow(), part("key") !== null);
}

const tabs = [...document.querySelectorAll("[role=tab]")];
function selectTab(tab) {
  for (const other of tabs) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  }
  language = tab.id.slice("tab-".length);
  part("program").setAttribute("aria-labelledby", tab.id);
  showProgram();
}
for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => selectTab(tab));
  tab.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    const next = tabs[(index + move + tabs.length) % tabs.length];
    selectTab(next);
    next.focus();
  });
}

async function copy() {
  const text = part("program").textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers give the clipboard to secure pages only; a selection can always be copied.
    getSelection().selectAllChildren(part("program"));
    document.execCommand("copy");
  }
  part("copied").textContent = "Copied";
  part("copy").textContent = "Copied";
  setTimeout(() => { part("copy").textContent = "Copy"; part("copied").textContent = ""; }, 1500);
}
part("copy").addEventListener("click", copy);

part("form").addEventListener("submit", (event) => event.preventDefault());
part("form").addEventListener("input", (event) => {
  const field = event.target.closest(".field");
  if (field !== null) {
    const { part: name } = event.target.dataset;
    const unknown = field.querySelector("[data-part=unknown]");
    if (name === "unknown") field.classList.toggle("is-unknown", unknown.checked);
    else if (unknown !== null) {
      unknown.checked = false;
      field.classList.remove("is-unknown");
    }
    if (name === "slider") field.querySelector("[data-part=value]").value = brief(Number(event.target.value));
    if (name === "value") field.querySelector("[data-part=slider]").value = event.target.value;
  }
  askSoon();
});
function fill(valueOf) {
  for (const feature of schema.features) write(byName.get(feature.name), valueOf(feature));
  ask();
}
const exampleButton = part("example");
if (exampleButton !== null) exampleButton.addEventListener("click", () => fill((feature) => schema.example[feature.name]));
part("medians").addEventListener("click", () => fill((feature) => feature.kind === "category" ? feature.fallback : feature.median));
ask();
`;
