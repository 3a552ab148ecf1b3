import { stringify } from 'csv-stringify/sync';

/** Records of CSV (RFC 4180): cells with commas, quotes or ends of lines are quoted, every line ends with CRLF. */
export function csvText(records: readonly (readonly string[])[]): string {
  return stringify(records as string[][], { record_delimiter: 'windows' });
}
