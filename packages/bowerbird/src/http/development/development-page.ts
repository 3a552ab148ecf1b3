import { Injectable } from '@nestjs/common';

import {
  contextValue,
  FrameworkError,
  QUERY_LOG,
  REQUEST_ID,
  shownMessage,
  showValue,
  sourcePlaceOf,
  type QueryRecord,
  type SourcePlace,
} from '#core';

import { type ErrorReport } from '../errors/error-report.js';
import { escapeText } from '../errors/escape.js';
import { documentOf, InlineStyle, type BuiltInDocument } from '../errors/plain-page.js';
import { type HttpRequest } from '../http-request.js';
import { placeSection } from './place-section.js';
import { queriesSection } from './queries-section.js';
import { requestSection } from './request-section.js';
import { causesOf, stackSection } from './stack-section.js';

/** The page that a developer sees when a request fails; never rendered in production. */
@Injectable()
export class DevelopmentPage {
  private style: InlineStyle | undefined;

  async render(thrown: unknown, report: ErrorReport, request: HttpRequest): Promise<BuiltInDocument> {
    this.style ??= new InlineStyle(new URL('../assets/development-page.css', import.meta.url));
    const error = asError(thrown);
    const queries = contextValue(QUERY_LOG) ?? [];
    const place = placeOf(error);
    const body = [
      header(error, report, request),
      navigation(error, queries, place),
      '<main>',
      ...(place ? [placeSection(place)] : []),
      stackSection('Stack', error),
      ...causesOf(error).map((cause, index) => causeSection(cause, index)),
      requestSection(request),
      queriesSection(queries),
      environmentSection(),
      '</main>',
      `<footer>Request <code>${escapeText(contextValue(REQUEST_ID) ?? '')}</code>. Shown because the application does not run in production.</footer>`,
    ].join('\n');
    return documentOf(`${error.name}: ${shownMessage(error)}`.slice(0, 120), body, this.style);
  }
}

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const error = new Error(typeof thrown === 'string' ? thrown : showValue(thrown));
  error.name = `Thrown ${typeof thrown}`;
  error.stack = '';
  return error;
}

function header(error: Error, report: ErrorReport, request: HttpRequest): string {
  const hint = error instanceof FrameworkError ? error.hint : undefined;
  return `<header>
<p class="line"><b>${report.status}</b> <span>${escapeText(request.method)}</span> <code>${escapeText(request.originalUrl.split('?', 1)[0]!)}</code></p>
<p class="kind">${escapeText(error.name)}${error instanceof FrameworkError ? ` <code>${escapeText(error.code)}</code>` : ''}</p>
<h1>${escapeText(shownMessage(error) || 'No message')}</h1>
${hint === undefined ? '' : `<p class="hint"><b>Hint</b> ${escapeText(hint)}</p>`}
</header>`;
}

/** The first place that the error or one of its causes names; its stack leads only to whoever reads such files. */
function placeOf(error: Error): SourcePlace | undefined {
  return [error, ...causesOf(error)].map(sourcePlaceOf).find((place) => place !== undefined);
}

function navigation(error: Error, queries: readonly QueryRecord[], place: SourcePlace | undefined): string {
  const causes = causesOf(error).length;
  const links = [
    ...(place ? ['<a href="#place">Place</a>'] : []),
    '<a href="#stack">Stack</a>',
    ...(causes > 0 ? [`<a href="#cause-1">Causes <b>${causes}</b></a>`] : []),
    '<a href="#request">Request</a>',
    `<a href="#queries">Queries <b>${queries.length}</b></a>`,
    '<a href="#environment">Environment</a>',
  ];
  return `<nav aria-label="Sections">${links.join('')}</nav>`;
}

function causeSection(cause: Error, index: number): string {
  return stackSection(`Caused by ${cause.name}`, cause, `cause-${index + 1}`);
}

function environmentSection(): string {
  const rows = [
    ['Node', process.version],
    ['Platform', `${process.platform} ${process.arch}`],
    ['Process', String(process.pid)],
    ['Directory', process.cwd()],
    ['Memory', `${Math.round(process.memoryUsage.rss() / 1024 / 1024)} MiB`],
    ['Up since', `${Math.round(process.uptime())} s`],
  ];
  const cells = rows.map(
    ([name, value]) => `<tr><th scope="row">${name}</th><td><code>${escapeText(value!)}</code></td></tr>`,
  );
  return `<section id="environment"><h2>Environment</h2><table>${cells.join('')}</table></section>`;
}
