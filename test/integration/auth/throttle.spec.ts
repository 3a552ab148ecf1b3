import { Auth, LoginAttempt, LoginThrottle } from 'bowerbird/auth';
import { type HttpRequest } from 'bowerbird/http';
import { createTestDatabase, TEST_PASSWORD, type TestApp, type TestDatabase } from 'bowerbird/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

const ANN = { email: 'ann@example.com', password: TEST_PASSWORD };
const WRONG = { ...ANN, password: 'wrong' };

describe('the login throttle', () => {
  let app: TestApp;
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase('sqlite');
    app = await createAuthApp(
      { throttle: { account: { failures: 5, window: '15m' }, address: { failures: 8, window: '15m' } } },
      { database },
    );
    await app.createUser({ email: ANN.email });
    await app.createUser({ email: 'bob@example.com' });
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  const attempt = (values = ANN) => app.client().submit('/accounts/login/', values);
  const fail = async (times: number, values = WRONG) => {
    for (let count = 0; count < times; count += 1) await attempt(values);
  };
  const rows = () => app.run(() => app.objects(LoginAttempt).all());

  it('refuses the right password after five failures, and says when to come back', async () => {
    await fail(5);
    const response = await attempt();
    expect(response.status).toBe(429);
    expect(response.header('retry-after')).toBe('900');
    expect(response.text).toContain('Try again in 15 minutes');
  });

  it('lets in again when the oldest failure is out of the window', async () => {
    await fail(1);
    app.clock.advance('10m');
    await fail(4);
    expect((await attempt()).header('retry-after')).toBe('300');
    app.clock.advance('5m');
    expect((await attempt()).status).toBe(303);
  });

  it('does not count what it refuses', async () => {
    await fail(5);
    await fail(10);
    expect(await rows()).toHaveLength(5);
  });

  it('clears the failures of an account when it logs in', async () => {
    await fail(4);
    expect((await attempt()).status).toBe(303);
    await fail(4);
    expect((await attempt()).status).toBe(303);
    expect(await rows()).toHaveLength(0);
  });

  it('counts unknown addresses like known ones', async () => {
    const unknown = { email: 'nobody@example.com', password: 'wrong' };
    await fail(5, unknown);
    expect((await attempt(unknown)).status).toBe(429);
  });

  it('counts all spellings of an address together', async () => {
    await fail(3);
    await fail(2, { ...WRONG, email: 'ANN@Example.com' });
    expect((await attempt()).status).toBe(429);
  });

  it('leaves other accounts alone', async () => {
    await fail(5);
    expect((await attempt({ ...ANN, email: 'bob@example.com' })).status).toBe(303);
  });

  it('refuses a network after failures on many accounts, whoever logs in', async () => {
    for (let number = 0; number < 8; number += 1) await attempt({ email: `user${number}@example.com`, password: 'x' });
    expect((await attempt()).status).toBe(429);
  });

  it('is not cleared for the network by a success of the attacker', async () => {
    for (let number = 0; number < 7; number += 1) await attempt({ email: `user${number}@example.com`, password: 'x' });
    await attempt({ ...ANN, email: 'bob@example.com' });
    await attempt({ email: 'user9@example.com', password: 'x' });
    expect((await attempt()).status).toBe(429);
  });

  it('hears exactly five of fifty parallel tries', async () => {
    const auth = app.get(Auth);
    const tries = Array.from({ length: 50 }, () =>
      app
        .run(() => auth.authenticate(WRONG))
        .then(
          () => 'heard',
          (error: { code: string }) => error.code,
        ),
    );
    const outcome = await Promise.all(tries);
    expect(outcome.filter((one) => one === 'heard')).toHaveLength(5);
    expect(outcome.filter((one) => one === 'auth.throttled')).toHaveLength(45);
  });

  it('hears few more of sixty parallel tries on sixty accounts than one network may fail', async () => {
    const auth = app.get(Auth);
    const context = (number: number) => ({ email: `spray${number}@example.com`, password: 'wrong' });
    const outcome = await Promise.all(
      Array.from({ length: 60 }, (_, number) =>
        app
          .run(() => auth.authenticate(context(number), { ip: '2001:db8::1' } as HttpRequest))
          .then(
            () => 'heard',
            (error: { code: string }) => error.code,
          ),
      ),
    );
    expect(outcome.filter((one) => one === 'heard').length).toBeLessThan(20);
    await expect(app.run(() => auth.authenticate(ANN, { ip: '2001:db8::2' } as HttpRequest))).rejects.toMatchObject({
      code: 'auth.throttled',
    });
    expect(await app.run(() => auth.authenticate(ANN, { ip: '2001:db8:0:1::1' } as HttpRequest))).not.toBeNull();
  });

  it('lets twenty parallel right tries in', async () => {
    const auth = app.get(Auth);
    const users = await Promise.all(Array.from({ length: 20 }, () => app.run(() => auth.authenticate(ANN))));
    expect(users.every((user) => user?.email === ANN.email)).toBe(true);
  });

  it('counts the failures of all processes together', async () => {
    const other = await createAuthApp(
      { throttle: { account: { failures: 5, window: '15m' } } },
      { database, schema: 'none' },
    );
    await fail(3);
    const elsewhere = other.client();
    for (let count = 0; count < 2; count += 1) await elsewhere.submit('/accounts/login/', WRONG);
    expect((await attempt()).status).toBe(429);
    expect((await elsewhere.submit('/accounts/login/', ANN)).status).toBe(429);
    await other.close();
  });

  it('stores neither the account nor the password', async () => {
    await fail(1, { ...WRONG, password: 'tell-nobody' });
    const [row] = await rows();
    expect(row!.account).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(row)).not.toMatch(/ann|tell-nobody/);
    expect(row!.address).toBe('127.0.0.1');
  });

  it('removes what no longer counts', async () => {
    await fail(4);
    app.clock.advance('16m');
    await fail(1, { email: 'nobody@example.com', password: 'x' });
    expect(await rows()).toHaveLength(1);
    app.clock.advance('16m');
    expect(await app.run(() => app.get(LoginThrottle).prune())).toBe(1);
  });
});
