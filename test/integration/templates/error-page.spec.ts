import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Controller, Get, Param } from '@nestjs/common';
import { SettingsProblems } from 'bowerbird/core';
import { resolveTemplates, TemplateRenderer, TemplatesModule } from 'bowerbird/templates';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { HttpApp } from '../http/http-app.js';

const TEMPLATES: Readonly<Record<string, string>> = {
  missing: '<ul>\n  <li>{{name}}</li>\n  <li>{{nmae}}</li>\n</ul>\n',
  syntax: '<h1>Hello</h1>\n<script>var x = "{{name}}";</script>\n',
  outer: '<p>before</p>\n{{> missing}}\n',
};

@Controller()
class PagesController {
  constructor(private readonly templates: TemplateRenderer) {}

  @Get('page/:name')
  page(@Param('name') name: string): Promise<string> {
    return this.templates.render(name, { name: 'Ada' });
  }

  @Get('wrapped')
  async wrapped(): Promise<string> {
    return this.page('outer').catch((cause: unknown) => {
      throw new Error('No page today', { cause });
    });
  }
}

let root: string;
let app: HttpApp;

async function start(production: boolean): Promise<void> {
  const base = { production, root: pathToFileURL(`${root}/`) };
  const config = resolveTemplates({ directories: ['.'], strict: true }, new SettingsProblems(), base);
  app = await HttpApp.start({
    production,
    imports: [TemplatesModule.forRoot(config, [])],
    controllers: [PagesController],
  });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'template-errors-'));
  for (const [name, text] of Object.entries(TEMPLATES)) writeFileSync(join(root, `${name}.hbs`), text);
});
afterEach(async () => {
  await app.stop();
  rmSync(root, { recursive: true });
});

const html = async (path: string): Promise<string> =>
  (await app.fetch(path, { headers: { accept: 'text/html' } })).text();

it.each([
  ['/page/missing', 'missing.hbs', '3:9', '  &lt;li&gt;{{nmae}}&lt;/li&gt;'],
  ['/page/outer', 'missing.hbs', '3:9', '  &lt;li&gt;{{nmae}}&lt;/li&gt;'],
  ['/page/syntax', 'syntax.hbs', '2:18', '&lt;script&gt;var x = &quot;{{name}}&quot;;&lt;/script&gt;'],
  ['/wrapped', 'missing.hbs', '3:9', '  &lt;li&gt;{{nmae}}&lt;/li&gt;'],
])('%s shows the file, the line and the lines around it before the stack', async (path, file, at, line) => {
  await start(false);
  const page = await html(path);
  const place = page.slice(page.indexOf('<section id="place">'), page.indexOf('<section id="stack">'));
  // How the path begins depends on where the suite runs.
  expect(place).toContain(`/${basename(root)}/${file}<b>:${at}</b>`);
  expect(place).toContain(
    `<li class="focus" aria-current="true" value="${at.split(':')[0]}"><code>${line}</code></li>`,
  );
  expect(page).toContain('<a href="#place">Place</a>');
});

it('shows nothing of it in production', async () => {
  await start(true);
  expect(await html('/page/missing')).not.toMatch(/nmae|missing\.hbs/);
});
