/** The form page's style: one screen on a laptop, one column on a phone, light and dark. */
export const formStyle = `
:root {
  --back: #f7f7f5; --panel: #ffffff; --text: #1d1f23; --soft: #5b6069; --line: #dfe0e3;
  --accent: #0b62a8; --track: #e6e7ea; --wrong: #b3261e; --code: #f2f3f5;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #16181c; --panel: #1f2227; --text: #e9eaed; --soft: #a4a9b3; --line: #363a42;
    --accent: #7cbcf3; --track: #353941; --wrong: #ff9a91; --code: #17191d;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--back); color: var(--text); }
header, main { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
header { display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: end; justify-content: space-between; padding-top: 18px; padding-bottom: 14px; }
h1 { font-size: 22px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0; }
p { margin: 0; }
header p { color: var(--soft); }
header strong { color: var(--text); font-weight: 600; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; }
a { color: var(--accent); text-underline-offset: 3px; }
main { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 16px; padding-bottom: 20px; align-items: start; }
form, section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px 16px; }
.side { display: grid; gap: 16px; position: sticky; top: 12px; min-width: 0; }
.bar { display: flex; align-items: center; gap: 8px; margin-bottom: 12px; }
.bar h2 { flex: 1; }
button { font: inherit; font-size: 13px; color: var(--text); background: none; border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; min-height: 28px; cursor: pointer; }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.fields { display: grid; gap: 13px 28px; }
.fields.many { grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); }
.top { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; }
.name { font-weight: 500; overflow-wrap: anywhere; }
.unknown { color: var(--soft); font-size: 13px; white-space: nowrap; }
.number { display: flex; gap: 12px; align-items: center; }
input[type="range"] { flex: 1; min-width: 0; height: 24px; margin: 0; accent-color: var(--accent); }
input[type="checkbox"], input[type="radio"] { accent-color: var(--accent); }
input[type="number"], input[type="password"], select {
  font: inherit; font-variant-numeric: tabular-nums; color: var(--text); background: var(--back);
  border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; min-height: 30px;
}
input[type="number"] { width: 104px; text-align: right; appearance: textfield; }
input::-webkit-outer-spin-button, input::-webkit-inner-spin-button { appearance: none; margin: 0; }
select { width: 100%; }
.key { display: flex; gap: 12px; align-items: center; margin-bottom: 12px; }
.key input { flex: 1; min-width: 0; }
.range { display: flex; justify-content: space-between; margin: -3px 116px 0 0; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; line-height: 1.2; }
.choices { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 3px; }
.choices label { cursor: pointer; }
.choices input { position: absolute; opacity: 0; }
.choices span { display: block; border: 1px solid var(--line); border-radius: 6px; padding: 3px 12px; }
.choices input:checked + span { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600; }
.choices input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; }
.field.is-unknown .number, .field.is-unknown .range, .field.is-unknown .choices, .field.is-unknown select { opacity: .45; }
.error { color: var(--wrong); font-size: 13px; }
.field.is-wrong input[type="number"], .field.is-wrong select { border-color: var(--wrong); }
.target { color: var(--soft); font-size: 13px; font-weight: 600; }
.prediction { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 14px; margin: 0 0 10px; }
.prediction output { font-size: 32px; line-height: 1.2; font-weight: 650; overflow-wrap: anywhere; }
.prediction span { color: var(--soft); font-variant-numeric: tabular-nums; }
.is-stale { opacity: .45; }
ul, ol { list-style: none; margin: 0; padding: 0; }
.shares { display: grid; gap: 4px; margin-bottom: 14px; }
.shares:empty { display: none; }
.shares li { display: grid; grid-template-columns: minmax(72px, 30%) 1fr 62px; gap: 10px; align-items: center; }
.shares .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.shares .is-first { font-weight: 650; }
.shares .track { height: 10px; border-radius: 5px; background: var(--track); overflow: hidden; }
.shares .fill { height: 100%; width: 0; border-radius: 5px; transition: width .12s ease-out; }
.shares .share { text-align: right; font-variant-numeric: tabular-nums; }
.path { display: flex; flex-wrap: wrap; gap: 6px 0; margin-top: 6px; font-size: 13px; }
.path li { display: flex; align-items: center; }
.path li span { border: 1px solid var(--line); border-radius: 6px; padding: 1px 8px; overflow-wrap: anywhere; }
.path li + li::before { content: "›"; color: var(--soft); padding: 0 7px; }
.path .leaf { font-weight: 600; border-color: var(--accent); }
[role="tab"] { border-color: transparent; color: var(--soft); }
[role="tab"][aria-selected="true"] { color: var(--text); border-color: var(--line); background: var(--code); font-weight: 600; }
#copy { margin-left: auto; }
.programs .bar { margin-bottom: 8px; }
pre { margin: 0; padding: 10px 12px; background: var(--code); border-radius: 6px; max-height: 200px; overflow: auto; font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 820px) {
  main { grid-template-columns: minmax(0, 1fr); padding: 0 12px 16px; gap: 12px; }
  header { padding: 14px 12px 12px; }
  .side { display: contents; }
  #answer { order: -1; position: sticky; top: 0; z-index: 1; padding: 10px 14px 12px; box-shadow: 0 4px 12px #0002; }
  #answer h2 { display: none; }
  #answer .path { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; }
  .prediction { margin-bottom: 6px; }
  .prediction output { font-size: 24px; }
  .shares { margin: 0; max-height: 116px; overflow: auto; }
  button, input[type="number"], select { min-height: 36px; }
}
@media (prefers-reduced-motion: reduce) { .shares .fill { transition: none; } }
`;
