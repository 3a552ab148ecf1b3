import { relative } from 'node:path';

import { shownMessage } from '#core';

import { escapeText } from '../errors/escape.js';
import { highlightLine } from './highlight.js';
import { readExcerpt, type SourceExcerpt } from './source-excerpt.js';
import { parseStack, type StackFrame } from './stack-frames.js';

/** The errors that led to an error, the nearest first; at most eight. */
export function causesOf(error: Error): readonly Error[] {
  const causes: Error[] = [];
  let cause = error.cause;
  while (cause instanceof Error && causes.length < 8 && !causes.includes(cause)) {
    causes.push(cause);
    cause = cause.cause;
  }
  return causes;
}

/** The frames of an error; the first one of the application is open and shows its source. */
export function stackSection(title: string, error: Error, id = 'stack'): string {
  const frames = parseStack(error.stack);
  const opened = frames.find(({ origin }) => origin === 'application') ?? frames[0];
  const message = id === 'stack' ? '' : `<p class="message">${escapeText(shownMessage(error))}</p>`;
  const rows = groupFrames(frames).map((group) => renderGroup(group, opened));
  const list =
    rows.length === 0 ? '<p class="none">There is no stack.</p>' : `<div class="frames">${rows.join('\n')}</div>`;
  return `<section id="${id}"><h2>${escapeText(title)}</h2>${message}${list}</section>`;
}

/** Neighbors that are shown together: one frame of the application, or a run of others. */
function groupFrames(frames: readonly StackFrame[]): readonly (readonly StackFrame[])[] {
  const groups: StackFrame[][] = [];
  for (const frame of frames) {
    const last = groups.at(-1);
    if (frame.origin !== 'application' && last && last[0]!.origin !== 'application') last.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

function renderGroup(group: readonly StackFrame[], opened: StackFrame | undefined): string {
  if (group[0]!.origin === 'application' || group.length === 1 || group.includes(opened!))
    return group.map((frame) => renderFrame(frame, frame === opened)).join('\n');
  const rows = group.map((frame) => renderFrame(frame, false)).join('\n');
  return `<details class="others"><summary>${group.length} frames of ${originsOf(group)}</summary>${rows}</details>`;
}

const ORIGINS: Readonly<Record<StackFrame['origin'], string>> = {
  application: 'the application',
  framework: 'the framework',
  library: 'libraries',
  node: 'Node',
};

function originsOf(group: readonly StackFrame[]): string {
  return [...new Set(group.map(({ origin }) => ORIGINS[origin]))].join(', ');
}

function renderFrame(frame: StackFrame, open: boolean): string {
  const summary = `<span class="name">${escapeText(frame.name || '(top of the module)')}</span> <span class="place">${escapeText(shortPath(frame.file))}<b>:${frame.line}</b></span>`;
  const excerpt = frame.origin === 'node' ? '' : renderExcerpt(frame);
  if (excerpt === '') return `<div class="frame ${frame.origin}">${summary}</div>`;
  return `<details class="frame ${frame.origin}"${open ? ' open' : ''}><summary>${summary}</summary>${excerpt}</details>`;
}

function renderExcerpt({ file, line }: StackFrame): string {
  const excerpt = readExcerpt(file, line);
  return excerpt ? renderSource(excerpt, highlightLine) : '';
}

/** Numbered lines with one of them marked. */
export function renderSource({ start, lines, focus }: SourceExcerpt, renderLine: (text: string) => string): string {
  const rows = lines.map((text, index) => {
    const number = start + index;
    const mark = number === focus ? ' class="focus" aria-current="true"' : '';
    return `<li${mark} value="${number}"><code>${renderLine(text) || ' '}</code></li>`;
  });
  return `<ol class="source" tabindex="0" aria-label="Source around line ${focus}">${rows.join('')}</ol>`;
}

/** Relative to the working directory where that is shorter; from the last `node_modules` for libraries. */
export function shortPath(file: string): string {
  const library = /node_modules[\\/](?!.*node_modules[\\/])(.+)$/.exec(file)?.[1];
  if (library !== undefined) return library;
  if (file.startsWith('node:')) return file;
  const near = relative(process.cwd(), file);
  return near.length < file.length && near !== '' ? near : file;
}
