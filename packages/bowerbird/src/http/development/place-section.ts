import { type SourcePlace } from '#core';

import { escapeText } from '../errors/escape.js';
import { readExcerpt } from './source-excerpt.js';
import { renderSource, shortPath } from './stack-section.js';

/** The lines of a file that is no module, such as a template, around what is wrong in it. */
export function placeSection(place: SourcePlace): string {
  const { file, line, column } = place;
  const where = `<span class="place">${escapeText(shortPath(file))}<b>:${line}:${column}</b></span>`;
  return `<section id="place"><h2>Place</h2><div class="frames"><details class="frame application" open><summary>${where}</summary>${linesOf(place)}</details></div></section>`;
}

/** From the file, so that it looks like the frames; as the error has it where the file is gone. */
function linesOf({ file, line, excerpt }: SourcePlace): string {
  const read = readExcerpt(file, line);
  return read ? renderSource(read, escapeText) : `<pre class="source">${escapeText(excerpt)}</pre>`;
}
