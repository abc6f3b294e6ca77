/** For people: three significant digits, no exponent where it can be avoided. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  return Object.is(rounded, -0) ? '0' : String(rounded).replace('-', '−');
}

/** Four digits after the point, as metrics are compared by. */
export const metricNumber = (value: number): string => value.toFixed(4).replace('-', '−');

/** Whole numbers in groups of three. */
export const counted = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');

/** A share of 0 to 1. */
export const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
