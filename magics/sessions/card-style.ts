/** Follows the front end's theme; scoped by the card's class. */
export const cardStyle = `<style>
.colabcode-card{--line:var(--jp-border-color2,var(--vscode-panel-border,#c8c8c8));--quiet:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,#5a5a5a));--link:var(--jp-content-link-color,var(--vscode-textLink-foreground,#0b57d0));--live:#007a5a;--wait:#8a5a00;font:inherit;line-height:1.45;border:1px solid var(--line);border-radius:6px;padding:.7em 1em;max-width:46em;box-sizing:border-box;margin:.2em 0}
.colabcode-card p{margin:0}.colabcode-card .title{display:flex;flex-wrap:wrap;gap:.1em .55em;align-items:baseline}
.colabcode-card .title span{color:var(--quiet)}.colabcode-card .live .shape{color:var(--live)}.colabcode-card .starting .shape,.colabcode-card .reconnecting .shape{color:var(--wait)}
.colabcode-card .links.links.links{list-style:none;margin:.4em 0 .1em;padding:0;font-size:1.2em;overflow-wrap:anywhere}.colabcode-card a{color:var(--link)}.colabcode-card a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.colabcode-card small{color:var(--quiet);font-size:.7em;white-space:nowrap}.colabcode-card .more{margin:.15em 0 .3em}
.colabcode-card dl{display:grid;grid-template-columns:max-content 1fr;gap:.05em 1em;margin:.35em 0 0}.colabcode-card dl dt{color:var(--quiet);width:auto;padding:0;font-weight:inherit;white-space:nowrap}.colabcode-card dl dd{margin:0;padding:0;overflow-wrap:anywhere}
.colabcode-card .note{margin-top:.5em;padding-left:.7em;border-left:3px solid var(--line)}.colabcode-card progress{width:100%;height:.5em;margin:.4em 0 0}
.colabcode-card .folded{display:flex;flex-wrap:wrap;gap:.1em 1.4em;margin-top:.4em}.colabcode-card details{max-width:100%;overflow-x:auto}.colabcode-card details[open]{flex-basis:100%}.colabcode-card summary{cursor:pointer;color:var(--quiet)}.colabcode-card summary:focus-visible,.colabcode-card button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.colabcode-card table{font-size:.9em;border-collapse:collapse;margin:.3em 0 0}.colabcode-card .folded th,.colabcode-card .folded td{text-align:left;padding:.05em .9em .05em 0;white-space:nowrap;font-weight:inherit}.colabcode-card .folded td:nth-child(3){overflow-wrap:anywhere;white-space:normal}.colabcode-card .folded th{color:var(--quiet)}.colabcode-card .folded td:last-child,.colabcode-card .folded th:last-child{text-align:right}
.colabcode-card .actions{display:flex;gap:.6em;margin-top:.6em}.colabcode-card button{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:4px;padding:.15em .9em;cursor:pointer}.colabcode-card button:disabled{opacity:.6;cursor:default}
.colabcode-card pre{max-height:12em;overflow:auto;margin:.3em 0 0;font-size:.85em;white-space:pre-wrap}
@media (prefers-color-scheme:dark){.colabcode-card{--live:#3ecf9a;--wait:#e0b04a}}
[data-jp-theme-light=false] .colabcode-card,.vscode-dark .colabcode-card{--live:#3ecf9a;--wait:#e0b04a}[data-jp-theme-light=true] .colabcode-card,.vscode-light .colabcode-card{--live:#007a5a;--wait:#8a5a00}
</style>`;
