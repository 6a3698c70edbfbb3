/** Colours of the front end's theme with plain ones behind; fonts are inherited. */
const theme = (text: string, faint: string, line: string, card: string) =>
  `--cc-text:var(--jp-ui-font-color1,var(--vscode-editor-foreground,${text}));` +
  `--cc-faint:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,${faint}));` +
  `--cc-line:var(--jp-border-color2,var(--vscode-panel-border,${line}));` +
  `--cc-card:var(--jp-layout-color1,var(--vscode-editorWidget-background,${card}))`;

/** The style sheet of everything that a model shows. */
export const modelStyle = `
.colabcode-model{${theme("#1f2328", "#59636e", "#d1d9e0", "#ffffff")};color:var(--cc-text);font-size:13px;line-height:1.4;max-width:100%;container-type:inline-size}
@media (prefers-color-scheme:dark){.colabcode-model{${theme("#e6edf3", "#9da7b3", "#3d444d", "#161b22")}}}
.colabcode-model *{box-sizing:border-box}
.colabcode-model .line{margin:0 0 8px;font-size:14px}
.colabcode-model h4{margin:16px 0 6px;line-height:1.4;font-size:13px;font-weight:600;color:inherit}
.colabcode-model .faint{color:var(--cc-faint)}
.colabcode-model ul.legend.legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin:0 0 8px;padding:0;list-style:none;font-size:12px}
.colabcode-model .legend li{margin:0}
.colabcode-model .dot{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:5px;flex:none}
.colabcode-model .box{overflow-x:auto;max-width:100%;padding:2px}
.colabcode-model .tree{display:inline-flex}
.colabcode-model .node{display:flex;align-items:center}
.colabcode-model .card{flex:none;width:180px;border:1px solid var(--cc-line);border-radius:6px;padding:5px 8px 7px;background:var(--cc-card);font-size:12px}
.colabcode-model .card b{display:block;font-weight:600;overflow-wrap:anywhere}
.colabcode-model .leaf{border-left-width:4px}
.colabcode-model .card small{display:block;font-size:11px;color:var(--cc-faint);font-variant-numeric:tabular-nums}
.colabcode-model .bar{display:flex;height:6px;border-radius:3px;overflow:hidden;margin-top:4px;background:var(--cc-line)}
.colabcode-model .bar i{display:block;min-width:0}
.colabcode-model .kids{display:flex;flex-direction:column;justify-content:center;position:relative;padding-left:12px}
.colabcode-model .kids:before{content:"";position:absolute;left:0;top:50%;width:12px;border-top:1px solid var(--cc-line)}
.colabcode-model .kid{display:flex;align-items:center;position:relative;padding:4px 0 4px 40px}
.colabcode-model .kid:before{content:"";position:absolute;left:0;width:40px;top:50%;height:1px;background:linear-gradient(90deg,var(--cc-line) 0 7px,transparent 7px 33px,var(--cc-line) 33px)}
.colabcode-model .kid:after{content:"";position:absolute;left:0;border-left:1px solid var(--cc-line)}
.colabcode-model .kid:first-child:after{top:50%;bottom:0}
.colabcode-model .kid:last-child:after{top:0;bottom:50%}
.colabcode-model .say{position:absolute;left:6px;top:50%;transform:translateY(-50%);width:28px;text-align:center;font-size:11px;color:var(--cc-faint)}
.colabcode-model details.more{display:flex;align-items:center}
.colabcode-model details.more>summary{cursor:pointer;list-style:none;flex:none;margin-left:8px;padding:2px 8px;font-size:11px;color:var(--cc-faint);border:1px dashed var(--cc-line);border-radius:10px;white-space:nowrap}
.colabcode-model details.more>summary::-webkit-details-marker{display:none}
.colabcode-model details.more>summary:before{content:"+ "}
.colabcode-model details.more[open]>summary:before{content:"– "}
.colabcode-model details.more>summary:focus-visible{outline:2px solid #0072B2;outline-offset:1px}
.colabcode-model .cut{flex:none;margin-left:8px;font-size:11px;color:var(--cc-faint);white-space:nowrap}
.colabcode-model .two{display:flex;flex-wrap:wrap;gap:0 40px}
.colabcode-model .two>div{min-width:0;max-width:100%}
.colabcode-model .gains{display:grid;grid-template-columns:minmax(0,max-content) 140px max-content;gap:3px 10px;align-items:center;margin:0;font-size:12px}
.colabcode-model .gains.gains dt{overflow-wrap:anywhere;font-weight:400;margin:0;width:auto;float:none;text-align:left}
.colabcode-model .gains.gains dd{margin:0;width:auto;float:none;white-space:nowrap;font-variant-numeric:tabular-nums;text-align:right}
.colabcode-model .gains.gains .track{height:9px;border-radius:2px;overflow:hidden;text-align:left}
.colabcode-model .gains .track i{display:block;height:100%;background:#0072B2;border-radius:2px;min-width:1px}
.colabcode-model table{color:inherit;border-collapse:separate;border-spacing:2px;font-size:12px;margin:0;border:0;width:auto}
.colabcode-model th,.colabcode-model td{padding:4px 8px;text-align:right;font-weight:400;border:0;white-space:nowrap;font-variant-numeric:tabular-nums;background-color:transparent;color:inherit}
.colabcode-model td.count{border-radius:3px;min-width:64px}
.colabcode-model td small{display:block;font-size:11px}
.colabcode-model td.edge,.colabcode-model th.edge{font-size:11px;color:var(--cc-faint)}
.colabcode-model .box table tbody tr:nth-child(n){background:none}
.colabcode-model caption{caption-side:bottom;text-align:left;font-size:11px;color:var(--cc-faint);padding:2px 0}
.colabcode-model .notes{margin:12px 0 0;font-size:12px}
.colabcode-model .notes summary{cursor:pointer;color:var(--cc-faint)}
.colabcode-model .notes ul:not(.legend){margin:4px 0 0;padding-left:18px}
@container (max-width:600px){
.colabcode-model .tree,.colabcode-model .node{display:block}
.colabcode-model .card{width:auto;max-width:100%}
.colabcode-model .kids{display:block;padding-left:10px}
.colabcode-model .kids:before{display:none}
.colabcode-model .kid{display:block;padding:4px 0 0 12px;border-left:1px solid var(--cc-line)}
.colabcode-model .kid:before,.colabcode-model .kid:after{display:none}
.colabcode-model .say{position:static;transform:none;display:block;width:auto;text-align:left}
.colabcode-model details.more{display:block}
.colabcode-model details.more>summary{display:inline-block;margin:4px 0 0}
.colabcode-model .gains{grid-template-columns:minmax(0,max-content) minmax(40px,1fr) max-content}
.colabcode-model th,.colabcode-model td{padding:4px 5px}
.colabcode-model td.count{min-width:48px}
}
`;
