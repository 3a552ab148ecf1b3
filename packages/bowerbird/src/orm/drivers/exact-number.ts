import { Big } from 'big.js';

/** A number as SQLite gives it to functions that take integers whole. */
export type SqlNumber = number | string | bigint | null;

/** Enough digits for a quotient to be rounded to any scale that a column has. */
const PRECISION = 60;

const Exact = Big();
Exact.DP = PRECISION;
Exact.RM = Big.roundHalfUp;

/** The same number, to be calculated with in decimal digits. */
export function exact(value: NonNullable<SqlNumber>): Big {
  return new Exact(typeof value === 'bigint' ? String(value) : value);
}
