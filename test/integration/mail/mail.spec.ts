import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { environment, SettingsProblems, type Finding, type FrameworkError } from 'bowerbird/core';
import {
  Mailable,
  MailChecks,
  mailDrivers,
  Mailer,
  resolveMail,
  type ComposedMail,
  type MailDriver,
  type MailMessage,
  type MailOptions,
  type MailReceipt,
} from 'bowerbird/mail';
import { html, TemplateRenderer } from 'bowerbird/templates';
import { createTestApp, RecordingIo, type TestApp, type TestSettings } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readMessage } from '../../support/mime.js';
import { startSmtpServer } from '../../support/smtp-server.js';

const MAIL = { to: 'ann@example.com', subject: 'Hello', text: 'Text' };

class OrderShipped extends Mailable {
  constructor(private readonly order: { readonly number: string; readonly email: string }) {
    super();
  }

  message(): MailMessage {
    const { number, email } = this.order;
    return { to: email, template: 'orders/shipped', data: { number } };
  }
}

let folder: string;
let app: TestApp;
let mailer: Mailer;

function template(name: string, text: string): void {
  const file = join(folder, 'templates', `${name}.hbs`);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

function boot(mail: MailOptions | false | undefined, settings: TestSettings = {}): Promise<TestApp> {
  const all: TestSettings = { root: `${folder}/`, ...(mail !== undefined && { mail }), ...settings };
  const driven = all.mail && 'driver' in all.mail;
  return createTestApp(all, driven ? { mail: 'settings' } : {});
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-mail-app-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  template('orders/shipped.subject.txt', 'Order {{number}} is <on> its way\n');
  template('orders/shipped.txt', 'Order "{{number}}"\n');
  template('orders/shipped.html', '<p>{{number}}</p>');
  template('plain.subject.txt', 'Plain');
  template('plain.txt', 'Text');
  template('textless.subject.txt', 'No text');
  template('long.subject.txt', 'One {{two}}');
  template('long.txt', 'Text');
  app = await boot({
    from: 'Shop <shop@example.com>',
    replyTo: 'help@example.com',
    admins: ['Ada <ada@example.com>'],
    subjectPrefix: '[Shop] ',
    maxRecipients: 3,
  });
  mailer = app.get(Mailer);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** The mail that the work sends. */
async function sent(work: () => Promise<unknown>): Promise<ComposedMail> {
  await work();
  return app.outbox.at(-1)!;
}

/** The error with which a mail is refused. */
function refusal(mail: object): Promise<FrameworkError & { readonly field?: string }> {
  return mailer.send(mail as MailMessage).then(
    () => expect.fail('it was sent'),
    (error: FrameworkError) => error,
  );
}

describe('a mail', () => {
  it('has what it says and what the settings add', async () => {
    const mail = await sent(() => mailer.send({ ...MAIL, cc: { name: 'Bo', address: 'bo@bücher.example' } }));
    expect(mail).toMatchObject({
      from: { name: 'Shop', address: 'shop@example.com' },
      to: [{ name: '', address: 'ann@example.com' }],
      cc: [{ name: 'Bo', address: 'bo@xn--bcher-kva.example' }],
      replyTo: [{ name: '', address: 'help@example.com' }],
      subject: 'Hello',
      text: 'Text',
      html: null,
      date: app.clock.now(),
    });
    expect(mail.id).toMatch(/^[\w-]{24}@example\.com$/);
    const other = await sent(() => mailer.send({ ...MAIL, from: '"Lee, Ann" <ann@lee.example>', replyTo: [] }));
    expect([other.from, other.replyTo]).toEqual([{ name: 'Lee, Ann', address: 'ann@lee.example' }, []]);
  });

  it('has attachments, inline parts, headers and HTML', async () => {
    const mail = await sent(() =>
      mailer.send({
        ...MAIL,
        html: html`<img src="cid:logo" /> ${'<me>'}`,
        headers: { 'X-Order': '7' },
        attachments: [
          { filename: 'list.csv', content: 'a,ü' },
          { filename: 'logo.png', content: new Uint8Array([1]), inline: 'logo' },
          { filename: 'what', content: '' },
        ],
      }),
    );
    expect(mail.html).toBe('<img src="cid:logo" /> &lt;me&gt;');
    expect(mail.headers).toEqual({ 'X-Order': '7' });
    expect(mail.attachments.map(({ contentType, inline }) => [contentType, inline])).toEqual([
      ['text/csv; charset=utf-8', null],
      ['image/png', 'logo'],
      ['application/octet-stream', null],
    ]);
    expect(Buffer.from(mail.attachments[0]!.content).toString()).toBe('a,ü');
  });

  it.each<[field: string, code: string, change: object]>([
    ['subject', 'mail.header', { subject: 'Hi\r\nBcc: all@example.com' }],
    ['subject', 'mail.header', { subject: 'Hi\u0000' }],
    ['headers.X-Order', 'mail.header', { headers: { 'X-Order': '7\nBcc: all@example.com' } }],
    ['headers', 'mail.header', { headers: { 'X-Order\r\nBcc': '7' } }],
    ['headers', 'mail.header', { headers: { bcc: 'all@example.com' } }],
    ['to', 'mail.address', { to: 'ann@example.com\r\nBcc: all@example.com' }],
    ['cc', 'mail.address', { cc: { name: 'A\nBcc: all@example.com', address: 'ann@example.com' } }],
    ['from', 'mail.address', { from: 'A\n <ann@example.com>' }],
    ['replyTo', 'mail.address', { replyTo: ['ann@example.com', '"a\r\nb" <bo@example.com>'] }],
    ['attachments[0].filename', 'mail.header', { attachments: [{ filename: 'a\r\nb', content: '' }] }],
    [
      'attachments[0].contentType',
      'mail.header',
      { attachments: [{ filename: 'a', content: '', contentType: 'a\nb' }] },
    ],
    ['attachments[0].inline', 'mail.header', { attachments: [{ filename: 'a', content: '', inline: 'a\nb' }] }],
  ])('with a line break in "%s" is refused (%s)', async (field, code, change) => {
    const before = app.outbox.length;
    expect(await refusal({ ...MAIL, ...change })).toMatchObject({ code, field });
    expect(app.outbox.length).toBe(before);
  });

  it.each([
    'ann',
    'ann@',
    '@example.com',
    'ann@exa mple.com',
    'ann@example..com',
    'ann@-example.com',
    'a b@example.com',
    '.ann@example.com',
    'ann@example.com, bo@example.com',
    'ann@example.com; bo@example.com',
    'Ann <ann@example.com> <bo@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a.'.repeat(130)}com`,
    '',
    7,
    { name: 'Ann' },
    null,
  ])('to %j is refused', async (to) => {
    expect(await refusal({ ...MAIL, to })).toMatchObject({ code: 'mail.address', field: 'to' });
  });

  it.each([
    ['mail.recipients', { to: [] }],
    ['mail.recipients', { to: ['a@a.com', 'b@a.com'], bcc: ['c@a.com', 'd@a.com'] }],
    ['mail.content', { text: '' }],
    ['mail.content', { subject: ' ' }],
    ['mail.content', { subject: 'x'.repeat(999) }],
    ['mail.content', { attachments: [{ filename: '', content: '' }] }],
    ['mail.content', { attachments: [{ filename: 'a', content: 7 }] }],
  ])('is refused as %s: %j', async (code, change) => {
    expect(await refusal({ ...MAIL, ...change })).toMatchObject({ code });
  });
});

describe('templates of mail', () => {
  it('make the subject and the text without escaping, and the HTML with it', async () => {
    const composed = await mailer.compose(new OrderShipped({ number: 'A & B', email: 'ann@example.com' }));
    expect(composed).toMatchObject({
      subject: 'Order A & B is <on> its way',
      text: 'Order "A & B"\n',
      html: '<p>A &amp; B</p>',
      to: [{ address: 'ann@example.com' }],
    });
    expect(await mailer.compose({ to: 'ann@example.com', template: 'plain' })).toMatchObject({ html: null });
  });

  it('are named when they are missing', async () => {
    const missing = (name: string) => refusal({ to: 'ann@example.com', template: name });
    expect(await missing('unknown')).toMatchObject({
      code: 'mail.template',
      message: 'The template unknown.subject.txt.hbs does not exist',
    });
    expect((await missing('textless')).message).toContain('textless.txt.hbs');
  });

  it('make no subject of several lines', async () => {
    const given = { to: 'ann@example.com', template: 'long', data: { two: 'a\r\nBcc: all@example.com' } };
    const error = await refusal(given);
    expect(error).toMatchObject({ code: 'mail.template' });
    expect(error.message).toContain('long.subject.txt.hbs makes several lines');
  });
});

describe('mail to those in the settings', () => {
  it('begins its subject with the prefix, and goes to nobody where nobody is there', async () => {
    const { to, ...rest } = MAIL;
    expect(to).toBeDefined();
    expect(await sent(() => mailer.mailAdmins(rest))).toMatchObject({
      subject: '[Shop] Hello',
      to: [{ name: 'Ada', address: 'ada@example.com' }],
    });
    expect(await mailer.mailManagers(rest)).toBeNull();
  });

  it('is tried by sendtestemail', async () => {
    const io = new RecordingIo();
    await app.command('sendtestemail', { options: { to: 'ann@example.com, bo@example.com' } }, io);
    expect(io.output.join()).toMatch(/^Sent by memory to ann@example\.com, bo@example\.com \(.*@example\.com\)$/);
    await expect(app.command('sendtestemail')).rejects.toThrow('--to');
  });
});

describe('mail by a server', () => {
  it('arrives as it was written, and closes its connections with the application', async () => {
    const server = await startSmtpServer();
    const driver = mailDrivers.smtp({ url: `smtp://127.0.0.1:${server.port}?tls=none` });
    const live = await boot({ driver, from: 'Größe <shop@example.com>', replyTo: 'help@example.com' });
    const order = new OrderShipped({ number: '"7" & 8', email: 'Ann Lée <ann@bücher.example>' });
    await live.get(Mailer).send({ ...MAIL, cc: 'bo@example.com', attachments: [{ filename: 'ü.txt', content: 'ä' }] });
    await live.run(() => live.get(Mailer).queue(order));
    await live.jobs.runAll();
    await live.close();
    await server.close();
    const [first, second] = server.taken.map(({ source }) => readMessage(source));
    expect(first).toMatchObject({
      text: 'Text',
      html: null,
      files: [{ filename: 'ü.txt', content: Buffer.from('ä') }],
    });
    expect(second).toMatchObject({ html: '<p>&quot;7&quot; &amp; 8</p>', files: [] });
    expect(['from', 'to', 'subject', 'reply-to'].map((name) => second!.headers.get(name))).toEqual([
      'Größe <shop@example.com>',
      'Ann Lée <ann@xn--bcher-kva.example>',
      'Order "7" & 8 is <on> its way',
      'help@example.com',
    ]);
  });
});

describe('several mailers', () => {
  it('are chosen by the mail, and have senders of their own', async () => {
    const sent: ComposedMail[] = [];
    const driver: MailDriver = {
      name: 'kept',
      delivers: true,
      create: async () => ({
        send: async (mail) => {
          sent.push(mail);
          return { id: mail.id, accepted: [], rejected: [] };
        },
      }),
    };
    const mailers = { news: { driver, from: 'News <news@example.com>' }, plain: { driver } };
    const other = await boot({ driver: mailDrivers.memory(), from: 'shop@example.com', mailers });
    const send = (mail: MailMessage) => other.get(Mailer).send(mail);
    await send({ ...MAIL, mailer: 'news' });
    await send({ ...MAIL, mailer: 'plain' });
    await send(MAIL);
    expect(sent.map(({ mailer: name, from }) => [name, from.address])).toEqual([
      ['news', 'news@example.com'],
      ['plain', 'shop@example.com'],
    ]);
    expect(other.outbox.map(({ mailer: name }) => name)).toEqual([null]);
    const { message } = await send({ ...MAIL, mailer: 'nwes' }).then(
      () => expect.fail('sent'),
      (error: Error) => error,
    );
    expect(message).toContain('Did you mean "news"?');
    await other.close();
  });
});

describe('the outbox of tests', () => {
  it('gets the mail of every mailer, whatever the settings say', async () => {
    const news = { driver: mailDrivers.smtp({ host: '127.0.0.1', port: 9 }), from: 'news@example.com' };
    const other = await createTestApp({ mail: { mailers: { news } } });
    await other.get(Mailer).send({ ...MAIL, mailer: 'news' });
    expect(other.outbox).toMatchObject([{ mailer: 'news', from: { address: 'news@example.com' } }]);
    await other.close();
  });

  it('is emptied with the rollback', async () => {
    await app.begin();
    await mailer.send(MAIL);
    expect(app.outbox.length).toBeGreaterThan(0);
    await app.rollback();
    expect(app.outbox).toEqual([]);
  });
});

describe('mail in development and in production', () => {
  async function problems(mail: MailOptions | undefined, production = true): Promise<readonly string[]> {
    const settings = { production, secretKey: 'k9$'.repeat(30), http: { allowedHosts: ['127.0.0.1'] } };
    const given = mail === undefined ? { ...settings, mail: undefined } : { ...settings, mail };
    return boot(undefined, given).then(
      async (other) => {
        await other.close();
        return [];
      },
      (error: Error) => [...new Set(error.message.match(/mail\.[EW]\d{3}/g))].sort(),
    );
  }

  it('reaches somebody, or the boot of production stops', async () => {
    for (const name of ['preview', 'console', 'file', 'memory', 'null'] as const)
      expect(await problems({ driver: mailDrivers[name](), from: 'a@example.com' })).toEqual(['mail.E001']);
    const smtp = mailDrivers.smtp({ host: 'localhost' });
    expect(
      await problems({ driver: smtp, from: undefined, mailers: { news: { driver: mailDrivers.null() } } }),
    ).toEqual(['mail.E001', 'mail.E004']);
    const wrong = { mailers: { a: { driver: 7 as never, from: 'x' } } };
    expect(await problems({ driver: smtp, from: 'a@a.com', ...wrong })).toEqual(['mail.E002', 'mail.E003']);
    expect(await problems({ driver: 'smtp' as never, from: 'nobody' })).toEqual(['mail.E002', 'mail.E003']);
    expect(await problems({ driver: mailDrivers.console() }, false)).toEqual([]);
  });

  it('needs no driver where nothing is sent, and is missed where a template waits for one', () => {
    const findings = (production: boolean) => {
      const config = resolveMail(undefined, new SettingsProblems(), { production, root: new URL('file:///app/') });
      const checks = new MailChecks(config, app.get(TemplateRenderer));
      const found = [checks.keepsMail(), checks.noSender(), checks.noDriver()] as Iterable<Finding>[];
      return found.flatMap((some) => [...some]).map(({ id, message }) => [id, message]);
    };
    expect(findings(false)).toEqual([]);
    expect(findings(true)).toEqual([['mail.W001', expect.stringContaining('the template long.subject.txt is there')]]);
  });

  it('goes to the preview in development while the environment says no server', () => {
    const dev = environment({ SMTP_URL: '' });
    expect(mailDrivers.smtp({ url: dev.secret('SMTP_URL') })).toMatchObject({ name: 'preview', preview: 'var/mail/' });
    const known = environment({ SMTP_URL: 'smtp://localhost' });
    expect(mailDrivers.smtp({ url: known.secret('SMTP_URL') })).toMatchObject({ name: 'smtp' });
  });

  it('is looked at in development, apart from anything that could run', async () => {
    const dev = await boot({ driver: mailDrivers.preview() });
    const attachments = [
      { filename: 'ü.html', content: '<script>alert(1)</script>' },
      { filename: 'logo.png', content: 'png', inline: 'logo' },
    ];
    const page = '<!doctype html><title>x</title><img src="cid:logo"><img src="cid:logo2"><script>alert(1)</script>';
    const link = 'See https://example.com/a?b=1&c="x".';
    await dev.get(Mailer).send({ ...MAIL, subject: '<Order>', text: link, html: page, attachments });
    const client = dev.client();
    const list = await client.get('/__mail');
    const [, address] = /href="(\/__mail\/[\w-]+)"/.exec(list.text)!;
    expect(list.text).toContain('&lt;Order&gt;');
    expect(list.header('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    const text = await client.get(`${address}?part=text`);
    expect(text.text).toContain('<a href="https://example.com/a?b=1&amp;c=" target="_blank"');
    expect((await client.get(`${address}?part=headers`)).text).toContain('Message-ID');
    const framed = await client.get(`${address}/html`);
    const logo = `data:image/png;base64,${Buffer.from('png').toString('base64')}`;
    expect(framed.text).toMatch(/^<!doctype html><base target="_blank"><title>/);
    expect(framed.text).toContain(`<img src="${logo}"><img src="cid:logo2">`);
    expect(framed.header('content-security-policy')).toMatch(/^sandbox allow-popups [^;]*; default-src 'none';/);
    const file = await client.get(`${address}/files/0`);
    expect(file.header('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%BC.html");
    expect(file.header('content-security-policy')).toContain('sandbox');
    for (const path of [
      '/__mail/unknown',
      `${address}/files/9`,
      `${address}/files/x`,
      '/__mail/..%2F..%2Fpackage/html',
    ])
      expect((await client.get(path)).status).toBe(404);
    await client.get('/__mail');
    expect((await client.post('/__mail/clear', {})).status).toBe(303);
    expect((await client.get('/__mail')).text).toContain('No mail yet');
    await dev.close();
  });

  it('has no pages in production, whatever the driver', async () => {
    const settings = {
      production: true,
      http: { allowedHosts: ['127.0.0.1'] },
      mail: { driver: mailDrivers.preview() },
    };
    const live = await createTestApp({ root: `${folder}/`, ...settings }, { checks: false, mail: 'settings' });
    const client = live.client();
    for (const path of ['/__mail', '/__mail/a', '/__mail/a/html', '/__mail/a/files/0'])
      expect((await client.get(path)).status).toBe(404);
    await live.close();
  });

  it('is refused where production says nothing of it, and missing where it is off', async () => {
    const live = await createTestApp(
      { root: `${folder}/`, production: true, mail: { driver: undefined as never, from: 'a@example.com' } },
      { checks: false, mail: 'settings' },
    );
    await expect(live.get(Mailer).send(MAIL)).rejects.toMatchObject({ code: 'mail.not_set_up' });
    await live.close();
    const off = await boot(false);
    expect(() => off.get(Mailer)).toThrow();
    await off.close();
  });
});

describe('a receipt', () => {
  it('has the id of the mail and who got it', async () => {
    const receipt: MailReceipt = await mailer.send({ ...MAIL, bcc: 'bo@example.com' });
    expect(receipt).toEqual({
      id: app.outbox.at(-1)!.id,
      accepted: ['ann@example.com', 'bo@example.com'],
      rejected: [],
    });
  });
});
