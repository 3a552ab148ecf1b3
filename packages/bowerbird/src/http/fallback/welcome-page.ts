import { Injectable } from '@nestjs/common';

import { escapeText } from '../errors/escape.js';
import { documentOf, InlineStyle } from '../errors/plain-page.js';
import { Reply } from '../reply/reply.js';

/** A way to go on from the welcome page. */
export interface WelcomeLink {
  readonly label: string;
  readonly href: string;
  readonly description: string;
}

/**
 * What an application that has no route for `/` shows there outside of production, so that a new project answers.
 * The framework hides it once the application has entities of its own.
 */
@Injectable()
export class WelcomePage {
  private readonly links: WelcomeLink[] = [];
  private hidden = false;
  private start: string | undefined;
  private style: InlineStyle | undefined;

  get shown(): boolean {
    return !this.hidden;
  }

  /** Gives `/` back to the ordinary 404. */
  hide(): void {
    this.hidden = true;
  }

  /** Sends visitors of `/` on to the page where the application begins, in production too. */
  leadTo(path: string): void {
    this.start = path;
  }

  get destination(): string | undefined {
    return this.start;
  }

  addLink(link: WelcomeLink): void {
    this.links.push(link);
  }

  reply(): Reply {
    this.style ??= new InlineStyle(new URL('../assets/welcome-page.css', import.meta.url));
    const { html, policy } = documentOf('It works', this.body(), this.style);
    return Reply.html(html, { headers: { 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' } });
  }

  private body(): string {
    const links = this.links.map(
      ({ label, href, description }) =>
        `<a href="${escapeText(href)}"><b>${escapeText(label)}</b><span>${escapeText(description)}</span></a>`,
    );
    return `<main>
${NEST}
<h1>It works</h1>
<p class="lead">The application runs and waits for its first entity.</p>
<ol>${STEPS.map(([title, text]) => `<li><b>${title}</b><span>${text}</span></li>`).join('')}</ol>
${links.length === 0 ? '' : `<nav aria-label="Ways to go on">${links.join('')}</nav>`}
<footer>This page is shown because nothing answers at <code>/</code> and the application does not run in production.</footer>
</main>`;
  }
}

const STEPS: readonly (readonly [title: string, text: string])[] = [
  ['Write an entity', 'A TypeORM class, with <code>@Admin()</code> beside <code>@Entity()</code> to manage it.'],
  [
    'Name it in an app',
    'List it in <code>@App({ name, entities })</code> on a Nest module, and the module in the settings.',
  ],
  ['Make its table', 'Run <code>makemigrations</code>, then <code>migrate</code>, then <code>createsuperuser</code>.'],
];

/** A bower: twigs, and the blue things that its bird collects. */
const NEST = `<svg viewBox="0 0 120 64" width="120" height="64" role="img" aria-label="A bower with blue berries">
<g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"><path d="M26 56C18 40 20 20 34 8M34 56C26 40 30 20 46 6M44 56C38 42 40 26 54 14M94 56c8-16 6-36-8-48M86 56c8-16 4-36-12-50M76 56c6-14 4-30-10-42"/><path d="M12 57h96" opacity=".45"/></g>
<g class="berries"><circle cx="54" cy="52" r="4"/><circle cx="63" cy="50" r="5"/><circle cx="59" cy="43" r="3.5"/><circle cx="70" cy="53" r="3"/></g></svg>`;
