import { TEST_PASSWORD, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

const NEXT = 'a-quite-different-phrase';

describe('the password change', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createAuthApp();
  });
  afterAll(() => app.close());

  const account = async (email: string) => {
    await app.createUser({ email, firstName: 'Josephine' });
    return { email, here: await app.login({ email }), elsewhere: await app.login({ email }) };
  };
  const change = (values: object = {}) => ({
    currentPassword: TEST_PASSWORD,
    newPassword: NEXT,
    newPasswordAgain: NEXT,
    ...values,
  });

  it('needs a login', async () => {
    expect((await app.client().get('/accounts/password/')).status).toBe(303);
  });

  it('keeps the own session and ends all others', async () => {
    const { email, here, elsewhere } = await account('josephine@example.com');
    const response = await here.submit('/accounts/password/', change());
    expect([response.status, response.location]).toEqual([303, '/accounts/password/done/']);
    expect((await here.get('/accounts/password/done/')).status).toBe(200);
    expect((await elsewhere.get('/books/private')).status).toBe(303);
    await expect(app.login({ email })).rejects.toThrow('401');
    await expect(app.login({ email, password: NEXT })).resolves.toBeDefined();
  });

  it.each([
    ['a wrong current password', { currentPassword: 'wrong' }, 'That is not your current password.'],
    ['two different new ones', { newPasswordAgain: `${NEXT}!` }, 'The two passwords differ.'],
    ['a short one', { newPassword: 'x7#kL', newPasswordAgain: 'x7#kL' }, 'too short'],
    ['a common one', { newPassword: 'sunshine99', newPasswordAgain: 'sunshine99' }, 'too common'],
    ['one like the name', { newPassword: 'josephine77', newPasswordAgain: 'josephine77' }, 'too similar'],
  ])('refuses %s', async (name, values, message) => {
    const { here, elsewhere } = await account(`${name.replaceAll(' ', '-')}@example.com`);
    const response = await here.submit('/accounts/password/', change(values));
    expect(response.status).toBe(422);
    expect(response.text).toContain(message);
    expect(response.text).not.toContain(NEXT);
    expect((await elsewhere.get('/books/private')).status).toBe(200);
  });

  it('limits guesses at the current password', async () => {
    const { here } = await account('guessed@example.com');
    for (let count = 0; count < 5; count += 1)
      await here.submit('/accounts/password/', change({ currentPassword: 'x' }));
    const response = await here.submit('/accounts/password/', change());
    expect(response.status).toBe(429);
    expect(response.header('retry-after')).toBe('900');
  });
});
