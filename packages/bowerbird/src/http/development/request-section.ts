import { inspect } from 'node:util';

import { isSecretName, MASK, maskUrl } from '#core';

import { escapeText } from '../errors/escape.js';
import { type HttpRequest } from '../http-request.js';

type Row = readonly [name: string, value: unknown];

/** What came in, with everything masked whose name looks secret. */
export function requestSection(request: HttpRequest): string {
  const tables = [
    table('Address', [
      ['Method', request.method],
      ['Path', request.path],
      ['Protocol', request.protocol],
      ['Host', request.host],
      ['Client', request.ip],
    ]),
    table('Query', Object.entries(request.query)),
    table('Route parameters', Object.entries(request.params ?? {})),
    table('Body', bodyRows(request.body)),
    table('Headers', Object.entries(request.headers)),
  ];
  return `<section id="request"><h2>Request</h2>${tables.join('')}</section>`;
}

function bodyRows(body: unknown): readonly Row[] {
  if (body === undefined || body === null) return [];
  return typeof body === 'object' && !Array.isArray(body) ? Object.entries(body) : [['', body]];
}

function table(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const cells = rows.slice(0, 100).map(([name, value]) => {
    const shown = isSecretName(name) ? MASK : show(name, value);
    return `<tr><th scope="row">${escapeText(name)}</th><td><code>${escapeText(shown)}</code></td></tr>`;
  });
  return `<h3>${title}</h3><table>${cells.join('')}</table>`;
}

function show(name: string, value: unknown): string {
  if (typeof value === 'string') return clip(name.toLowerCase() === 'referer' ? maskUrl(value) : value);
  return clip(inspect(masked(value, 0), { depth: 6, breakLength: 100, maxArrayLength: 50 }));
}

/** A copy without secrets, however deep they lie. */
function masked(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > 6) return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSecretName(name) ? MASK : masked(item, depth + 1)]),
  );
}

function clip(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}
