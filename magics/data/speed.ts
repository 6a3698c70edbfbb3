/** A function of what is done so far that says how fast it went since now: "340,000 rows/s". */
export function speedOf(unit: string): (done: number) => string | undefined {
  const startedAt = performance.now();
  return (done) => {
    const seconds = (performance.now() - startedAt) / 1000;
    if (seconds < 0.2 || done <= 0) return undefined;
    const speed = Number((done / seconds).toPrecision(3));
    return `${speed.toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}/s`;
  };
}
