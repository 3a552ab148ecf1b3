import { type ApiFormat } from './api-format.js';
import { mediaRanges, type MediaRange } from './media-range.js';

/**
 * The format that an `Accept` header likes best (RFC 9110, section 12.5.1): for each format the most specific range that
 * covers it says how much it is wanted; among equals the first of the offered ones is taken. Without a header any will do.
 */
export function bestFormat(header: string | undefined, offered: readonly ApiFormat[]): ApiFormat | undefined {
  if (header === undefined || header.trim() === '') return offered[0];
  const wanted = offered.find(({ mediaType }) => mediaType === header);
  if (wanted?.suits(NONE)) return wanted;
  const ranges = mediaRanges(header);
  const weights = offered.map((format) => weightOf(format, ranges));
  const most = Math.max(...weights);
  return most > 0 ? offered[weights.indexOf(most)] : undefined;
}

const NONE: ReadonlyMap<string, string> = new Map();

function weightOf(format: ApiFormat, ranges: readonly MediaRange[]): number {
  const [type] = format.mediaType.split('/');
  for (const name of [format.mediaType, `${type}/*`, '*/*']) {
    const covering = ranges.filter(
      ({ essence, parameters }) => essence === name && (name !== format.mediaType || format.suits(parameters)),
    );
    if (covering.length > 0) return Math.max(...covering.map(({ quality }) => quality));
    // A type that is named with parameters that the format cannot serve is not wanted in any other way.
    if (ranges.some(({ essence }) => essence === format.mediaType)) return 0;
  }
  return 0;
}
