const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** A decimal as sign, digits and the number of digits after the point. */
interface Parts {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: number;
}

function parse(text: string): Parts | undefined {
  const match = NUMBER.exec(text.trim());
  if (!match || (match[2] === '' && match[3] === '')) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  const digits = whole + fraction + '0'.repeat(Math.max(0, -scale));
  return { negative: sign === '-', digits, scale: Math.max(0, scale) };
}

/**
 * A decimal with exactly `scale` digits after the point, rounded half away from zero, without floating point.
 * Text that is no number is returned as it is.
 */
export function fixDecimal(text: string, scale: number): string {
  const parts = parse(text);
  if (!parts) return text;
  const padded = parts.digits.padStart(parts.scale + 1, '0') + '0'.repeat(Math.max(0, scale - parts.scale));
  const surplus = Math.max(0, parts.scale - scale);
  const kept = padded.slice(0, padded.length - surplus);
  const up = surplus > 0 && padded[padded.length - surplus]! >= '5';
  const digits = String(BigInt(kept || '0') + (up ? 1n : 0n)).padStart(scale + 1, '0');
  const sign = parts.negative && /[1-9]/.test(digits) ? '-' : '';
  return sign + digits.slice(0, digits.length - scale) + (scale > 0 ? `.${digits.slice(-scale)}` : '');
}

/** How many digits a decimal has from its first to its last that is not zero; 0 for text that is no number. */
export function significantDigits(text: string): number {
  return parse(text)?.digits.replace(/^0+|0+$/g, '').length ?? 0;
}
