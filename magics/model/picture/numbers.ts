/** "90.4 %". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** "4,802". */
export function wholeNumber(count: number): string {
  return count.toLocaleString("en-US");
}
