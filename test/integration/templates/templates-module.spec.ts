import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module, type Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CheckRunner, CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import {
  html,
  resolveTemplates,
  TemplateContext,
  TemplateContextProvider,
  TemplateDirectory,
  TemplateHelper,
  TemplateHelperProvider,
  TemplateRenderer,
  TemplatesModule,
  type HelperOptions,
  type SafeHtml,
  type TemplatesOptions,
} from 'bowerbird/templates';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'project-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const url = (path: string): URL => pathToFileURL(`${join(root, path)}/`);

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

async function boot(options: TemplatesOptions = {}, providers: readonly Provider[] = [], apps: readonly URL[] = []) {
  @TemplateDirectory('shop')
  class ShopTemplates {
    readonly url = url('area');
  }
  @Module({ providers: [ShopTemplates, ...providers] })
  class ShopModule {}

  const problems = new SettingsProblems();
  const config = resolveTemplates(options, problems, { production: false, root: url('.') });
  expect(problems.all).toEqual([]);
  const module = await Test.createTestingModule({
    imports: [CoreModule.forRoot(new SecretKeys('x'.repeat(50))), TemplatesModule.forRoot(config, apps), ShopModule],
  }).compile();
  await module.init();
  return { templates: module.get(TemplateRenderer), checks: module.get(CheckRunner) };
}

@TemplateHelper('badge')
class Badge extends TemplateHelperProvider {
  call([text]: readonly unknown[], { hash, block }: HelperOptions): SafeHtml {
    return html`<b class="${hash['kind'] ?? 'plain'}">${text}${block?.()}</b>`;
  }
}

@TemplateContext()
class Globals extends TemplateContextProvider {
  async values(): Promise<object> {
    return { user: { name: 'Ann <3' } };
  }
}

it('looks in the directories of the project, then of the apps, then of the areas', async () => {
  write({ 'area/list.hbs': 'area {{> shop/row}}', 'area/row.hbs': 'area row' });
  expect(await (await boot()).templates.render('shop/list', {})).toBe('area area row');
  write({ 'app/shop/row.hbs': 'app row' });
  expect(await (await boot({}, [], [url('app')])).templates.render('shop/list', {})).toBe('area app row');
  write({ 'templates/shop/row.hbs': 'project row' });
  expect(await (await boot({}, [], [url('app')])).templates.render('shop/list', {})).toBe('area project row');
});

it('finds helpers and contexts of modules', async () => {
  write({ 'area/page.hbs': '{{badge user.name kind="a\\"b"}}{{#badge "x"}}{{user.name}}{{/badge}}' });
  const { templates } = await boot({}, [Badge, Globals]);
  expect(await templates.render('shop/page', {})).toBe(
    '<b class="a&quot;b">Ann &lt;3</b><b class="plain">xAnn &lt;3</b>',
  );
});

it('gives each application its own templates and helpers', async () => {
  write({ 'area/page.hbs': '{{badge "x"}}' });
  const first = await boot({}, [Badge]);
  const second = await boot();
  expect(await first.templates.render('shop/page', {})).toContain('<b');
  await expect(second.templates.render('shop/page', {})).rejects.toThrow('No helper named "badge"');
});

it('checks for helpers of one name and for templates that do not compile', async () => {
  @TemplateHelper('upper')
  class Upper extends Badge {}
  write({ 'app/shop/good.hbs': '{{badge 1}}', 'app/shop/bad.hbs': 'x\n{{#if}}', 'area/theirs.hbs': '{{#if}}' });
  const { checks, templates } = await boot({}, [Badge, Upper], [url('app')]);
  const report = await checks.run({ deploy: true });
  expect(report.findings.map(({ id }) => id)).toEqual(['templates.E003', 'templates.E004']);
  expect(report.findings[1]).toMatchObject({ at: expect.stringMatching(/shop\/bad\.hbs:2$/) as string });
  expect(templates.projectNames()).toEqual(['shop/bad', 'shop/good']);
});

it('names every wrong setting', () => {
  const problems = new SettingsProblems();
  const options = { directories: ['missing'], locale: 'x_y', timeZone: 'Mars/Base', strikt: true } as TemplatesOptions;
  resolveTemplates(options, problems, { production: true, root: url('.') });
  expect(problems.all.map(({ id, path }) => `${id} ${path}`)).toEqual([
    'templates.E001 settings.templates.directories',
    'templates.E002 settings.templates.locale',
    'templates.E002 settings.templates.timeZone',
    'core.E001 settings.templates.strikt',
  ]);
});
