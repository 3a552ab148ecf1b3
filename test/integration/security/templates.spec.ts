import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Controller, Get, Module, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import { HttpModule, resolveHttp } from 'bowerbird/http';
import { resolveSecurity, SecurityModule } from 'bowerbird/security';
import { addMessage, resolveSessions, sessionDrivers, SessionsModule } from 'bowerbird/sessions';
import { resolveTemplates, TemplateRenderer, TemplatesModule } from 'bowerbird/templates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { TestClient } from '../../../packages/bowerbird/src/testing/client/test-client.js';

@Controller()
class Pages {
  constructor(private readonly templates: TemplateRenderer) {}

  @Get('form')
  form() {
    return this.templates.render('form', {});
  }

  @Get('nothing')
  nothing() {
    return this.templates.render('nothing', {});
  }

  @Post('form')
  submit() {
    addMessage('success', 'Saved <b>all</b>');
    return 'saved';
  }
}

const FORM = `<form method="post">{{csrfField}}</form>
<script nonce="{{cspNonce}}" data-token="{{csrfToken}}"></script>
{{#if messages}}<ul>{{#each messages}}<li class="{{this.level}}">{{this.text}}</li>{{/each}}</ul>{{/if}}`;

let nest: INestApplication;
let folder: string;
let client: TestClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-templates-'));
  await writeFile(join(folder, 'form.hbs'), FORM);
  await writeFile(join(folder, 'nothing.hbs'), '<p>nothing</p>');
  const problems = new SettingsProblems();
  const base = { production: false, root: pathToFileURL(`${folder}/`) };

  @Module({
    imports: [
      CoreModule.forRoot(new SecretKeys('k'.repeat(50))),
      HttpModule.forRoot(resolveHttp({}, problems, base)),
      TemplatesModule.forRoot(resolveTemplates({ directories: [folder] }, problems, base), []),
      SessionsModule.forRoot(resolveSessions({ driver: sessionDrivers.memory() }, problems, base)),
      SecurityModule.forRoot(resolveSecurity(undefined, problems, base)),
    ],
    controllers: [Pages],
  })
  class TestModule {}

  expect(problems.all).toEqual([]);
  nest = await NestFactory.create(TestModule, { logger: false, bodyParser: false, abortOnError: false });
  await nest.listen(0, '127.0.0.1');
  client = new TestClient(await nest.getUrl());
});

afterAll(async () => {
  await nest.close();
  await rm(folder, { recursive: true });
});

describe('a template', () => {
  it('that uses none of the globals makes neither cookie nor nonce', async () => {
    const response = await client.get('/nothing');
    expect(response.text).toBe('<p>nothing</p>');
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(response.headers['content-security-policy']).not.toContain('nonce');
  });

  it('gets a field, a token and a nonce that work', async () => {
    const page = await client.get('/form');
    expect(page.text).toMatch(/<input type="hidden" name="_csrf" value="[\w-]+" \/>/);
    const nonce = /nonce="([\w-]+)"/.exec(page.text)![1]!;
    expect(page.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    const form = { _csrf: page.field('_csrf') };
    expect((await client.request('POST', '/form', { csrf: false, form })).status).toBe(201);
  });

  it('shows messages once, escaped', async () => {
    await client.get('/form');
    await client.post('/form', {});
    expect((await client.get('/form')).text).toContain('<li class="success">Saved &lt;b&gt;all&lt;/b&gt;</li>');
    expect((await client.get('/form')).text).not.toContain('<ul>');
  });

  it('that shows no messages leaves them for the next one', async () => {
    await client.get('/form');
    await client.post('/form', {});
    await client.get('/nothing');
    expect((await client.get('/form')).text).toContain('Saved');
  });
});
