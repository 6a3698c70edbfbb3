/** A number for people: 3 significant digits, whole numbers whole, thousands with commas. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  const isExtreme = Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4;
  if (isExtreme) return value.toExponential(2);
  return value.toLocaleString("en-US", {
    maximumSignificantDigits: Math.abs(value) >= 1000 ? 6 : 3,
  });
}

/** A share as "90.4 %". */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
