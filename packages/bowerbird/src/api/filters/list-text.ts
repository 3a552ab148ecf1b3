/** One part of a text that is separated by commas, and where the text goes on behind it. */
export interface ListItem {
  readonly text: string;
  readonly end: number;
}

const QUOTES: ReadonlySet<string> = new Set(['"', "'"]);

/**
 * The item that starts at a place: everything up to the next of the given characters, or what stands in single or double
 * quotes, where a doubled quote is one of the text. Undefined for a quote that is never closed.
 */
export function itemAt(text: string, start: number, ends: string): ListItem | undefined {
  const quote = text.charAt(start);
  if (QUOTES.has(quote)) return quotedAt(text, start, quote);
  let end = start;
  while (end < text.length && !ends.includes(text.charAt(end))) end += 1;
  return { text: text.slice(start, end).trim(), end };
}

function quotedAt(text: string, start: number, quote: string): ListItem | undefined {
  let value = '';
  for (let place = start + 1; place < text.length; place += 1) {
    if (text.charAt(place) !== quote) value += text.charAt(place);
    else if (text.charAt(place + 1) === quote) {
      value += quote;
      place += 1;
    } else return { text: value, end: place + 1 };
  }
  return undefined;
}

/** The items of a list that is separated by commas: `a,"b, c",'it''s'`. Undefined for quotes that are out of place. */
export function splitList(text: string): readonly string[] | undefined {
  const items: string[] = [];
  let place = 0;
  while (place <= text.length) {
    const item = itemAt(text, skipSpaces(text, place), ',');
    if (!item) return undefined;
    items.push(item.text);
    place = skipSpaces(text, item.end);
    if (place < text.length && text.charAt(place) !== ',') return undefined;
    place += 1;
  }
  return items;
}

/** The next place at which no space stands. */
export function skipSpaces(text: string, start: number): number {
  let place = start;
  while (text.charAt(place) === ' ') place += 1;
  return place;
}

/** A text as an item of such a list. */
export function quotedItem(text: string): string {
  return /^["']|^\s|\s$|,/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
