/** A decimal number in parts, without floating point. */
export interface Decimal {
  readonly negative: boolean;
  /** Digits before the point, without leading zeros; '' for zero. */
  readonly whole: string;
  /** Digits after the point, as written. */
  readonly fraction: string;
}

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal such as `-12.50` or `1e3`; undefined when the text is none. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = PATTERN.exec(text);
  if (!match || (!match[2] && !match[3])) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const shifted = shift(whole, fraction, Number(exponent ?? 0));
  return { negative: sign === '-', whole: shifted.whole.replace(/^0+/, ''), fraction: shifted.fraction };
}

function shift(
  whole: string,
  fraction: string,
  exponent: number,
): { readonly whole: string; readonly fraction: string } {
  if (exponent >= 0) {
    const padded = fraction.padEnd(exponent, '0');
    return { whole: whole + padded.slice(0, exponent), fraction: padded.slice(exponent) };
  }
  const padded = whole.padStart(-exponent, '0');
  return {
    whole: padded.slice(0, padded.length + exponent),
    fraction: padded.slice(padded.length + exponent) + fraction,
  };
}

/** The decimal as text with at least `scale` digits after the point. */
export function formatDecimal({ negative, whole, fraction }: Decimal, scale = 0): string {
  const digits = fraction.replace(/0+$/, '').padEnd(scale, '0');
  const zero = whole === '' && !/[1-9]/.test(digits);
  return (negative && !zero ? '-' : '') + (whole || '0') + (digits ? `.${digits}` : '');
}

/** -1, 0 or 1 as the left is less than, equal to or greater than the right. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.fraction.length, right.fraction.length);
  const scaled = ({ negative, whole, fraction }: Decimal): bigint => {
    const digits = BigInt(`${whole || '0'}${fraction.padEnd(scale, '0')}`);
    return negative ? -digits : digits;
  };
  const difference = scaled(left) - scaled(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether the left is a whole multiple of the right. */
export function isMultiple(left: Decimal, right: Decimal): boolean {
  const scale = Math.max(left.fraction.length, right.fraction.length);
  const scaled = ({ whole, fraction }: Decimal): bigint => BigInt(`${whole || '0'}${fraction.padEnd(scale, '0')}`);
  return scaled(right) === 0n || scaled(left) % scaled(right) === 0n;
}
