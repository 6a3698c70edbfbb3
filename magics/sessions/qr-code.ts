import { create } from "qrcode";

/** `text` as a QR code: an SVG of one path, dark on light in every theme. */
export function qrCode(text: string): string {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const size = modules.size + 8; // The quiet zone is four modules wide.
  return `<svg viewBox="0 0 ${size} ${size}" width="164" height="164" role="img" aria-label="QR code of the public link" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${path(modules)}"/></svg>`;
}

/** A line for each run of dark modules. */
function path({ size, data }: { readonly size: number; readonly data: ArrayLike<number> }): string {
  let text = "";
  for (let row = 0; row < size; row++) {
    for (let from = 0; from < size; from++) {
      let to = from;
      while (to < size && data[row * size + to] === 1) to++;
      if (to === from) continue;
      text += `M${from + 4} ${row + 4}.5h${to - from}`;
      from = to;
    }
  }
  return text;
}
