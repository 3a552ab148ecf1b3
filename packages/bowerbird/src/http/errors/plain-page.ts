import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { Injectable } from '@nestjs/common';

import { type ErrorPageModel } from './error-pages.js';
import { escapeText } from './escape.js';

/** A whole page that depends on nothing, with the content security policy that it obeys. */
export interface BuiltInDocument {
  readonly html: string;
  readonly policy: string;
}

/** The stylesheet of a built-in page and the policy that allows exactly this text. */
export class InlineStyle {
  readonly css: string;
  readonly policy: string;

  constructor(file: URL) {
    this.css = readFileSync(file, 'utf8');
    const hash = createHash('sha256').update(this.css).digest('base64');
    this.policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  }
}

/** Puts a body and a style into a document. */
export function documentOf(title: string, body: string, style: InlineStyle): BuiltInDocument {
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeText(title)}</title>`,
    `<style>${style.css}</style>`,
  ];
  return {
    html: `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${body}\n</body>\n</html>\n`,
    policy: style.policy,
  };
}

/** The built-in page for an error; used where the application brings none of its own. */
@Injectable()
export class PlainPage {
  private style: InlineStyle | undefined;

  render(error: ErrorPageModel): BuiltInDocument {
    const body = `<main>
<p class="status">${error.status}</p>
<h1>${escapeText(error.title)}</h1>
<p class="detail">${escapeText(error.detail)}</p>
${retry(error)}${actions(error)}${developer(error)}
<footer>Request <code>${escapeText(error.requestId)}</code></footer>
</main>`;
    // Read when it is needed: a command in a bundle runs where no assets are.
    this.style ??= new InlineStyle(new URL('../assets/plain-page.css', import.meta.url));
    return documentOf(`${error.status} ${error.title}`, body, this.style);
  }
}

function retry({ retryAfterSeconds }: ErrorPageModel): string {
  if (retryAfterSeconds === undefined) return '';
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = retryAfterSeconds < 90 ? `${retryAfterSeconds} seconds` : `${minutes} minutes`;
  return `<p class="retry">You can try again in ${wait}.</p>\n`;
}

function actions({ path }: ErrorPageModel): string {
  return path === '/' ? '' : '<p class="actions"><a href="/">Go to the start page</a></p>\n';
}

function developer({ developer, code }: ErrorPageModel): string {
  if (!developer) return '';
  const hint = developer.hint === undefined ? '' : `\n<p class="hint">${escapeText(developer.hint)}</p>`;
  return `<section class="developer" aria-label="For developers">
<h2>${escapeText(developer.name)} <code>${escapeText(code)}</code></h2>
<p>${escapeText(developer.message)}</p>${hint}
<p class="note">Shown because the application does not run in production.</p>
</section>
`;
}
