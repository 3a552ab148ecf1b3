import { Controller, Get, Module } from '@nestjs/common';
import { Public } from 'bowerbird';
import { sessionDrivers } from 'bowerbird/sessions';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

@Controller()
class PlainController {
  @Get('plain')
  @Public()
  plain(): string {
    return 'ok';
  }
}

@Module({ controllers: [PlainController] })
class PlainModule {}

describe.each([
  ['in the database', sessionDrivers.database(), 2],
  ['in memory', sessionDrivers.memory(), 1],
])('the pipeline with sessions %s', (_where, driver, statements) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ apps: [], sessions: { driver } }, { imports: [PlainModule] });
  });
  afterAll(() => app.close());

  it('sends no statement for a visitor without a session', async () => {
    const client = app.client();
    expect(await app.queries(() => client.get('/plain'))).toEqual([]);
  });

  it('sends no statement for a cookie that somebody else has signed', async () => {
    const headers = { cookie: 'sessionid=s%3Aforged.c2lnbmF0dXJl' };
    expect(await app.queries(() => app.client().get('/plain', { headers }))).toEqual([]);
  });

  it(`sends ${statements} for a visitor who is logged in`, async () => {
    const client = await app.login();
    await client.get('/plain');
    const log = await app.queries(() => client.get('/plain'));
    expect(log, log.map(({ sql }) => sql).join('\n')).toHaveLength(statements);
  });
});
