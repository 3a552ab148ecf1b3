/** What makes a spreadsheet run a cell, also in the wide letters that some turn into the usual ones. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A cell of CSV that no spreadsheet runs: what begins like a formula, and is no number, gets a quote in front. */
export function defused(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
