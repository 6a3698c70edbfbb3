/** A duration with three digits that count: `4.2 s`, `310 ms`, `12.5 µs`, `3 min 20 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 60_000) {
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  if (milliseconds >= 1000) return `${digits(milliseconds / 1000)} s`;
  if (milliseconds >= 1) return `${digits(milliseconds)} ms`;
  if (milliseconds >= 0.001) return `${digits(milliseconds * 1000)} µs`;
  return `${digits(milliseconds * 1_000_000)} ns`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
