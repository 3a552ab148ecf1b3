import { MASK } from '../text/mask.js';

/** Where the databases quote a value in a message: the text before it, the value up to the last quote, what follows. */
const QUOTED_VALUES: readonly RegExp[] = [
  // MySQL and MariaDB.
  /(Duplicate entry ')([^]*)(' for key )/g,
  /(value: ')([^]*)('(?: for (?:column|function)| at row|;|$))/g,
  /(\bnear ')([^]*)(' at line \d+)/g,
  /(out of range in ')([^]*)(')/g,
  // PostgreSQL.
  /((?:syntax|value|literal|range|representation)\b[^"\n]*: ")([^]*)(")/g,
  /(\bvalue ")([^]*)(" is out of range)/g,
];

/** What a database says of a failed statement, without the values that it quotes. */
export function maskDatabaseText(message: string): string {
  return QUOTED_VALUES.reduce((text, pattern) => text.replace(pattern, `$1${MASK}$3`), message);
}

/** Whether an error comes from a database library, or from TypeORM about one. */
export function isDatabaseError(error: Error): boolean {
  return 'driverError' in error || 'sqlMessage' in error || 'sqlState' in error || 'severity' in error;
}
