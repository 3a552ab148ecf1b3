import { error, type Finding } from '#core';

/** How whole lists are given away. */
export interface ExportOptions {
  /** Name of the file without its ending; the end of the path unless said. Letters, digits, `.`, `_` and `-`. */
  readonly fileName?: string;
  /**
   * Whether cells of CSV that a spreadsheet would run as formulas get a quote in front; true. Machines that read the file
   * want them as they are. See https://owasp.org/www-community/attacks/CSV_Injection
   */
  readonly defuse?: boolean;
}

/** How whole lists of a viewset are given away, with all defaults. */
export type ExportDescription = Required<ExportOptions>;

/** What the option `export` of a viewset means; null for no exports at all. */
export function describeExport(
  given: ExportOptions | false = {},
  { path, at, report }: { readonly path: string; readonly at: string; readonly report: (finding: Finding) => void },
): ExportDescription | null {
  if (given === false) return null;
  const end = path.split('/').findLast(Boolean) ?? '';
  const { fileName = end.replaceAll(/[^\w.-]/g, '-'), defuse = true } = given;
  if (/^[\w-][\w.-]{0,99}$/.test(fileName)) return Object.freeze({ fileName, defuse });
  const hint = 'Use letters, digits, ".", "_" and "-"';
  report(error('api.E060', `"${fileName}" cannot be the name of a file`, { at: `${at}.export`, hint }));
  return Object.freeze({ fileName: 'export', defuse });
}
