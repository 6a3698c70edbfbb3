/** "90.4 %". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** "4,802". */
export function wholeNumber(count: number): string {
  return count.toLocaleString("en-US");
}

/** Three significant digits, and all digits before the point. */
export function measured(value: number): string {
  const short = Number(value.toPrecision(3));
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : String(short);
}
