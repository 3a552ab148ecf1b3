import { Auth, User, Users } from 'bowerbird/auth';
import { RecordingIo, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

const GOOD = 'a-quite-different-phrase';

/** A conversation whose standard input holds something. */
class PipedIo extends RecordingIo {
  constructor(private readonly piped: string) {
    super();
  }

  override readInput(): Promise<string> {
    return Promise.resolve(this.piped);
  }
}

describe('account commands', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createAuthApp();
  });
  afterAll(() => app.close());

  const find = (email: string) => app.run(() => app.get(Users).findByEmail(email));
  const logsIn = async (email: string, password: string) =>
    (await app.run(() => app.get(Auth).authenticate({ email, password }))) !== null;

  describe('createsuperuser', () => {
    it('asks, judges and creates', async () => {
      const io = new RecordingIo(['nonsense', 'Root@Example.com', 'admin', GOOD, 'typo', GOOD, GOOD]);
      await app.command('createsuperuser', {}, io);
      expect(io.errors).toEqual([
        '"nonsense" is no e-mail address.',
        'This password is too short. Use at least 8 characters.',
        'This password is too common.',
        'The two passwords differ.',
      ]);
      expect(await find('root@example.com')).toMatchObject({ isSuperuser: true, isStaff: true, isActive: true });
      expect(await logsIn('root@example.com', GOOD)).toBe(true);
      expect(io.output.join()).not.toContain(GOOD);
    });

    it('makes up a password and shows it once', async () => {
      const io = new RecordingIo();
      await app.command(
        'createsuperuser',
        { options: { email: 'made@example.com', generatePassword: true, input: false } },
        io,
      );
      const shown = io.output.map((line) => /^Password: (\S+)$/.exec(line)?.[1]).find(Boolean)!;
      expect(shown).toMatch(/^(\w{5}-){3}\w{5}$/);
      expect(await logsIn('made@example.com', shown)).toBe(true);
    });

    it('reads the password from standard input', async () => {
      await app.command(
        'createsuperuser',
        { options: { email: 'piped@example.com', passwordStdin: true } },
        new PipedIo(`${GOOD}\n`),
      );
      expect(await logsIn('piped@example.com', GOOD)).toBe(true);
    });

    it.each([
      ['nobody to ask', {}, 'Nobody can type the e-mail address'],
      ['no way to a password', { email: 'a@example.com', input: false }, 'Nobody can type the password'],
      ['an address that is none', { email: 'nonsense', generatePassword: true }, '"nonsense" is no e-mail address'],
      ['a taken address', { email: 'TAKEN@example.com', generatePassword: true }, 'There is an account'],
      [
        'two ways at once',
        { email: 'a@example.com', generatePassword: true, passwordStdin: true },
        'exclude each other',
      ],
    ])('fails with %s', async (_name, options, message) => {
      if (!(await find('taken@example.com'))) await app.createUser({ email: 'taken@example.com' });
      await expect(app.command('createsuperuser', { options })).rejects.toThrow(message);
    });

    it('does nothing with --if-none where a superuser can log in', async () => {
      const options = { email: 'spare@example.com', generatePassword: true, ifNone: true };
      const superusers = app.objects(User).filter({ isSuperuser: true });
      await superusers.update({ isActive: false });
      await app.command('createsuperuser', { options });
      expect(await find('spare@example.com')).toMatchObject({ isSuperuser: true });
      const io = new RecordingIo();
      await app.command('createsuperuser', { options: { ...options, email: 'second@example.com' } }, io);
      expect(io.output).toEqual(['There is a superuser already']);
      expect(await find('second@example.com')).toBeNull();
      await superusers.update({ isActive: true });
    });

    it('judges piped passwords', async () => {
      const options = { email: 'weak@example.com', passwordStdin: true };
      await expect(app.command('createsuperuser', { options }, new PipedIo('password1\n'))).rejects.toThrow(
        'too common',
      );
      await expect(app.command('createsuperuser', { options }, new PipedIo(''))).rejects.toThrow('holds no password');
      expect(await find('weak@example.com')).toBeNull();
    });
  });

  describe('changepassword', () => {
    it('sets the password and ends the sessions', async () => {
      await app.createUser({ email: 'forgetful@example.com' });
      const client = await app.login({ email: 'forgetful@example.com' });
      await app.command(
        'changepassword',
        { args: { email: 'Forgetful@example.com' }, options: { passwordStdin: true } },
        new PipedIo(GOOD),
      );
      expect(await logsIn('forgetful@example.com', GOOD)).toBe(true);
      expect((await client.get('/books/private')).status).toBe(303);
    });

    it('fails for an unknown address', async () => {
      await expect(app.command('changepassword', { args: { email: 'nobody@example.com' } })).rejects.toThrow(
        'There is no account',
      );
    });
  });
});
