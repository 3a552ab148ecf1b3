import { readdirSync, readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';

import { Logger } from '@nestjs/common';
import { Secret } from 'bowerbird/core';
import {
  mailDrivers,
  type ComposedMail,
  type MailDeliveryError,
  type MailTransport,
  type SmtpOptions,
} from 'bowerbird/mail';
import { describeMailTransport } from 'bowerbird/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { makeCertificate } from '../../support/certificate.js';
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.js';
import {
  createTransport,
  fileTransports,
  memoryTransports,
  newFolder,
  previewTransports,
  smtpTransports,
} from './transports.js';

Logger.overrideLogger(false);

const servers: TestSmtpServer[] = [];
const open: MailTransport[] = [];
afterEach(() => {
  for (const transport of open.splice(0)) (transport as { onModuleDestroy?: () => void }).onModuleDestroy?.();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

const runner = { describe, it, expect };
describeMailTransport(runner, 'smtp', async () => {
  const trial = await smtpTransports(servers)();
  open.push(trial.transport);
  return trial;
});
describeMailTransport(runner, 'file', fileTransports);
describeMailTransport(runner, 'preview', previewTransports);
describeMailTransport(runner, 'memory', memoryTransports);
describeMailTransport(runner, 'console', async () => ({ transport: await createTransport(mailDrivers.console()) }));
describeMailTransport(runner, 'null', async () => ({ transport: await createTransport(mailDrivers.null()) }));

const MAIL: ComposedMail = {
  id: 'one@example.com',
  date: new Date(0),
  mailer: null,
  from: { name: 'Shop', address: 'shop@example.com' },
  to: [{ name: '', address: 'ann@example.com' }],
  cc: [],
  bcc: [],
  replyTo: [{ name: '', address: 'help@example.com' }],
  subject: 'Hello',
  text: 'Text',
  html: null,
  attachments: [],
  headers: { 'List-Unsubscribe': '<https://example.com/stop>' },
};

async function serve(...options: Parameters<typeof startSmtpServer>): Promise<TestSmtpServer> {
  const server = await startSmtpServer(...options);
  servers.push(server);
  return server;
}

async function connect(options: SmtpOptions): Promise<MailTransport> {
  const transport = await createTransport(mailDrivers.smtp(options));
  open.push(transport);
  return transport;
}

/** The error with which a mail is not delivered. */
async function failure(transport: MailTransport, mail = MAIL): Promise<MailDeliveryError> {
  return transport.send(mail).then(
    () => expect.fail('the mail was delivered'),
    (error: MailDeliveryError) => error,
  );
}

describe('mail by SMTP', () => {
  const certificate = makeCertificate();

  it('goes over encrypted connections alone, unless it is said otherwise', async () => {
    const plain = await serve();
    const error = await failure(await connect({ url: `smtp://localhost:${plain.port}` }));
    expect(error).toMatchObject({ code: 'mail.delivery', temporary: true });
    expect(plain.taken).toHaveLength(0);
    const upgrading = await serve({ ...certificate, hideSTARTTLS: false });
    await (await connect({ url: `smtp://localhost:${upgrading.port}`, ca: certificate.cert })).send(MAIL);
    const encrypted = await serve({ ...certificate, secure: true });
    await (await connect({ url: `smtps://localhost:${encrypted.port}`, ca: certificate.cert })).send(MAIL);
    expect([...upgrading.taken, ...encrypted.taken].map((taken) => taken.encrypted)).toEqual([true, true]);
    const unknown = await failure(await connect({ url: `smtps://localhost:${encrypted.port}` }));
    expect(unknown.message).toMatch(/self[- ]signed/);
  });

  it('has the headers of the mail', async () => {
    const server = await serve();
    await (await connect({ host: '127.0.0.1', port: server.port, tls: 'none' })).send(MAIL);
    for (const line of [
      'Message-ID: <one@example.com>',
      'Reply-To: help@example.com',
      'List-Unsubscribe: <https://example.com/stop>',
      'Date: Thu, 01 Jan 1970 00:00:00 +0000',
    ])
      expect(server.taken[0]!.source).toContain(line);
  });

  it('keeps a connection for the next mail, and sends several at a time', async () => {
    const server = await serve();
    const transport = await connect({ host: '127.0.0.1', port: server.port, tls: 'none', connections: 2 });
    for (let count = 0; count < 3; count += 1) await transport.send(MAIL);
    expect(server.connections).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => transport.send(MAIL)));
    expect([server.taken.length, server.connections]).toEqual([13, 2]);
  });

  it('tells recipients who were refused from those who got it, and what may be accepted later', async () => {
    const server = await serve({}, { 'gone@example.com': [550, 'No such user'], 'full@example.com': [452, 'Full'] });
    const transport = await connect({ host: '127.0.0.1', port: server.port, tls: 'none' });
    const gone = { name: '', address: 'gone@example.com' };
    expect(await transport.send({ ...MAIL, cc: [gone] })).toMatchObject({
      accepted: ['ann@example.com'],
      rejected: ['gone@example.com'],
    });
    const final = await failure(transport, { ...MAIL, to: [gone] });
    expect(final).toMatchObject({ temporary: false });
    expect(final.message).toMatch(/"Hello" could not be handed to 127\.0\.0\.1:\d+: .*No such user/);
    expect(await failure(transport, { ...MAIL, to: [{ name: '', address: 'full@example.com' }] })).toMatchObject({
      temporary: true,
    });
    const absent = await startSmtpServer();
    await absent.close();
    expect(await failure(await connect({ host: '127.0.0.1', port: absent.port, tls: 'none' }))).toMatchObject({
      temporary: true,
    });
  });

  it('logs in, and never shows the password', async () => {
    const password = 'pa:ss/wörd@1';
    const seen: unknown[] = [];
    const server = await serve({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password: given }, _session, callback) {
        seen.push(username);
        if (given === password) callback(null, { user: username });
        else callback(new Error(`No entry for ${given} (${Buffer.from(given!).toString('base64')})`));
      },
    });
    const url = (word: string) => `smtp://shop:${encodeURIComponent(word)}@127.0.0.1:${server.port}?tls=none`;
    await (await connect({ url: new Secret(url(password)) })).send(MAIL);
    expect(seen).toEqual(['shop']);
    const error = await failure(await connect({ url: url('wrong-word') }));
    expect(error).toMatchObject({ temporary: true });
    const shown = inspect(error, { depth: 9, showHidden: true });
    for (const secret of ['wrong-word', Buffer.from('wrong-word').toString('base64')])
      expect(shown).not.toContain(secret);
  });

  it.each<[SmtpOptions, RegExp]>([
    [{}, /smtp\(\{ host \}\) is missing/],
    [{ url: 'smtp.example.com' }, /smtp\(\{ url \}\)/],
    [{ url: 'http://example.com' }, /smtp\(\{ url \}\)/],
    [{ url: 'smtp://a:100%@example.com' }, /smtp\(\{ url \}\)/],
    [{ url: 'smtp://example.com?tls=maybe' }, /tls.* 'maybe' .*implicit, starttls, none/],
    [{ host: 'example.com', port: 70_000 }, /port/],
    [{ host: 'example.com', timeout: '0s' }, /timeout/],
  ])('is refused with options that make no sense: %j', async (options, message) => {
    const error = await connect(options).then(
      () => expect.fail('it was made'),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'mail.option' });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('100%');
  });
});

describe('mail for the pages that show it', () => {
  it('is kept in files that only their owner reads, the newest of them', async () => {
    const home = newFolder();
    const transport = await createTransport(mailDrivers.preview({ keep: 3 }), home);
    for (let count = 1; count <= 5; count += 1) {
      await transport.send({ ...MAIL, subject: `Mail ${count}` });
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
    const folder = new URL('var/mail/', home);
    const subjects = readdirSync(folder).map(
      (name) => (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ComposedMail).subject,
    );
    expect(subjects.sort()).toEqual(['Mail 3', 'Mail 4', 'Mail 5']);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });
});
