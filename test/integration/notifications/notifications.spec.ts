import { Module } from '@nestjs/common';
import { Jobs } from 'bowerbird/jobs';
import { MailDeliveryError, MailTransport, type ComposedMail, type MailDriver } from 'bowerbird/mail';
import {
  Channel,
  Inbox,
  Notice,
  Notification,
  NotificationChannel,
  NotificationRecord,
  Notifications,
  Skipped,
  type NotificationDelivery,
  type NotificationRecipient,
} from 'bowerbird/notifications';
import { Database } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp, type TestSettings } from 'bowerbird/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';

const ANN = { id: 7, email: 'ann@example.com' };
const BO = { id: 'b-2', email: null };

@Notification({ name: 'orders.shipped', channels: ['mail', 'database', 'log'] })
class OrderShipped extends Notice {
  constructor(readonly number: string) {
    super();
  }

  override mail() {
    return { subject: `Order ${this.number}`, text: 'It is on its way.' };
  }

  override database(to: NotificationRecipient): object {
    return { number: this.number, for: String(to.id) };
  }

  override log(): string | null {
    return null;
  }
}

@Notification({ name: 'shop.closed', channels: ['database', 'pager', 'pgaer', 'mail'] })
class ShopClosed extends Notice {
  override mail() {
    return { subject: 'Closed', text: 'Until Monday' };
  }

  override database() {
    return { since: new Date() };
  }

  pager(): string {
    return 'closed';
  }

  pgaer(): string {
    return 'closed';
  }
}

@Notification({ name: 'shop.alarm', channels: ['pager', 'database'] })
class Alarm extends Notice {
  constructor(private readonly text: string) {
    super();
  }

  pager(): string {
    return this.text;
  }

  override database() {
    return { text: this.text };
  }
}

class Unmarked extends Notice {}

@Channel('pager')
class Pager extends NotificationChannel<string, { readonly text: string }> {
  readonly calls: string[] = [];

  async prepare(text: string, { recipient }: NotificationDelivery): Promise<{ readonly text: string } | Skipped> {
    return recipient.id === 'b-2' ? new Skipped('no pager') : { text };
  }

  async deliver({ text }: { readonly text: string }, { name, recipient }: NotificationDelivery): Promise<void> {
    if (text === 'broken') throw new Error('The pager is broken');
    this.calls.push(`${name} ${recipient.id} ${text}`);
  }
}

@Module({ providers: [Pager] })
class PagerModule {}

const OFF = { auth: false, sessions: false, security: false, audit: false, api: false, admin: false } as const;

function boot(settings: TestSettings = {}, url?: string): Promise<TestApp> {
  return createTestApp(
    { ...OFF, ...(url !== undefined && { database: url }), ...settings },
    { imports: [PagerModule], schema: 'migrate', mail: settings.mail ? 'settings' : 'outbox' },
  );
}

eachDatabase((database) => {
  let app: TestApp;
  let notifications: Notifications;
  let inbox: Inbox;
  beforeAll(async () => {
    app = await boot({}, database.url);
    notifications = app.get(Notifications);
    inbox = app.get(Inbox);
  });
  beforeEach(() => app.begin());
  afterEach(() => app.rollback());
  afterAll(() => app?.close());

  it('has a table of which the migrations say all', async () => {
    expect(await app.command('makemigrations', { options: { check: true } })).toBe(0);
  });

  it('goes out by each channel, and says what became of it', async () => {
    const result = await app.run(() => notifications.send(ANN, new OrderShipped('1024')));
    expect(result.outcomes).toEqual([
      { channel: 'mail', status: 'delivered' },
      { channel: 'database', status: 'delivered' },
      { channel: 'log', status: 'skipped', reason: 'the notification has nothing to say by it' },
    ]);
    expect([result.ok, result.delivered]).toEqual([true, ['mail', 'database']]);
    expect(app.outbox).toMatchObject([{ subject: 'Order 1024', to: [{ address: 'ann@example.com' }] }]);
    expect(await inbox.list(ANN)).toMatchObject([
      { name: 'orders.shipped', data: { number: '1024', for: '7' }, createdAt: app.clock.now(), readAt: null },
    ]);
    const other = await app.run(() => notifications.send(BO, new OrderShipped('1025')));
    expect(other.skipped).toMatchObject([
      { channel: 'mail', reason: 'the recipient has no address' },
      { channel: 'log' },
    ]);
  });

  it('goes on with the other channels when one fails, and tells its error', async () => {
    const { outcomes, ok } = await app.run(() => notifications.send(ANN, new ShopClosed()));
    expect(outcomes).toMatchObject([
      { channel: 'database', status: 'failed', error: { code: 'notifications.data' } },
      { channel: 'pager', status: 'delivered' },
      { channel: 'pgaer', status: 'failed', error: { code: 'notifications.unknown_channel' } },
      { channel: 'mail', status: 'delivered' },
    ]);
    expect(ok).toBe(false);
    expect((outcomes[2] as { error: Error }).error.message).toContain('Did you mean "pager"?');
    expect(app.get(Pager).calls.splice(0)).toEqual(['shop.closed 7 closed']);
  });

  it('leaves the transaction around it usable when a row cannot be stored', async () => {
    const long = { id: 9, email: 'x@example.com' };
    await app.get(Database).atomic(async () => {
      await notifications.send(long, new OrderShipped('1'));
      const [row] = await app.objects(NotificationRecord).all();
      const again = { delivery: row!.delivery, recipient: '9', name: 'x', data: {}, createdAt: new Date() };
      await expect(
        app.get(Database).atomic(() => app.get(Database).dataSource.manager.insert(NotificationRecord, again)),
      ).rejects.toMatchObject({ code: 'orm.unique' });
      await notifications.send(long, new OrderShipped('2'));
    });
    expect(await inbox.unreadCount(long)).toBe(2);
  });

  it('is read, counted, marked and removed by its recipient alone', async () => {
    await app.run(async () => {
      for (const number of ['1', '2', '3']) await notifications.send(ANN, new OrderShipped(number));
      await notifications.send(BO, new OrderShipped('4'));
    });
    const [third, second, first] = await inbox.list(ANN);
    const [foreign] = await inbox.list(BO);
    expect([third!.data, await inbox.unreadCount(ANN), await inbox.unreadCount(BO)]).toMatchObject([
      { number: '3' },
      3,
      1,
    ]);
    expect(await inbox.markRead(ANN, [third!.id, foreign!.id])).toBe(1);
    expect(await inbox.markRead(ANN, [third!.id])).toBe(0);
    expect((await inbox.list(ANN)).map(({ readAt }) => readAt)).toEqual([app.clock.now(), null, null]);
    expect((await inbox.list(ANN, { unread: true, limit: 1 })).map(({ id }) => id)).toEqual([second!.id]);
    expect((await inbox.list(ANN, { before: second!.id })).map(({ id }) => id)).toEqual([first!.id]);
    expect(await inbox.list(ANN, { name: 'shop.alarm' })).toEqual([]);
    const noIds = ['abc', '', '-1', '9'.repeat(19), '9'.repeat(30), null as never];
    expect(await inbox.markRead(ANN, noIds)).toBe(0);
    for (const before of noIds) expect(await inbox.list(ANN, { before })).toEqual([]);
    expect(await inbox.markUnread(ANN, [third!.id, foreign!.id])).toBe(1);
    expect(await inbox.remove(ANN, [first!.id, foreign!.id])).toBe(1);
    expect(await inbox.markRead(ANN)).toBe(2);
    expect([await inbox.unreadCount(BO), await inbox.remove(ANN), (await inbox.list(BO)).length]).toEqual([1, 2, 1]);
  });

  it('is forgotten by clearnotifications when it is old', async () => {
    await app.run(() => notifications.sendMany([ANN, BO], new OrderShipped('1')));
    app.clock.advance('91d');
    await app.run(() => notifications.send(ANN, new OrderShipped('2')));
    const io = new RecordingIo();
    await app.command('clearnotifications', { options: { batch: '1' } }, io);
    expect([io.output, await app.objects(NotificationRecord).count()]).toEqual([['Removed 2 notifications'], 1]);
  });

  it('is queued by the transaction, delivered by each channel in a job of its own, and stored once', async () => {
    const { delivered } = await app.run(() => notifications.queue(ANN, new OrderShipped('7')));
    expect([delivered, app.outbox.length, await inbox.unreadCount(ANN)]).toEqual([['mail', 'database'], 0, 0]);
    await app.jobs.runAll();
    expect([app.outbox.length, await inbox.unreadCount(ANN)]).toEqual([1, 1]);
    const [{ delivery }] = (await app.objects(NotificationRecord).values('delivery').all()) as [{ delivery: string }];
    expect(delivery).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('notifications', () => {
  let app: TestApp;
  let notifications: Notifications;
  beforeAll(async () => {
    app = await boot();
    notifications = app.get(Notifications);
  });
  afterAll(() => app.close());

  it('go to somebody and are marked', async () => {
    await expect(notifications.send(ANN, new Unmarked())).rejects.toMatchObject({ code: 'notifications.unmarked' });
    for (const nobody of [{}, { id: '' }, { id: 'x'.repeat(65) }, null, { id: Number.NaN }])
      await expect(notifications.sendMany([ANN, nobody as never], new OrderShipped('1'))).rejects.toMatchObject({
        code: 'notifications.recipient',
      });
    expect(app.outbox).toEqual([]);
  });

  it('come once in a while where they are throttled, and again when nobody got them', async () => {
    const throttle = { key: 'door', every: '1h' } as const;
    const send = (who = ANN as NotificationRecipient, text = 'open') =>
      app.run(() => notifications.send(who, new Alarm(text), { throttle }));
    expect((await send()).delivered).toEqual(['pager', 'database']);
    const again = await Promise.all([send(), send()]);
    expect(again.flatMap(({ delivered }) => delivered)).toEqual([]);
    expect(again[0].skipped[0]!.reason).toContain('a short while ago');
    expect((await send(BO)).delivered).toEqual(['database']);
    app.clock.advance('1h');
    expect((await send()).delivered).toHaveLength(2);
    const broken = { throttle: { key: 'disk', every: '1h' } } as const;
    @Notification({ name: 'shop.pager', channels: ['pager'] })
    class OnlyPager extends Alarm {}
    for (let count = 0; count < 2; count += 1)
      expect((await notifications.send(ANN, new OnlyPager('broken'), broken)).failed).toHaveLength(1);
    await expect(
      notifications.send(ANN, new OrderShipped('1'), { throttle: { every: 'soon' as never } }),
    ).rejects.toMatchObject({ code: 'notifications.throttle' });
  });

  it('wait for no mail, jobs or cache that the application does not have', async () => {
    const bare = await boot({ mail: false, jobs: false, cache: false });
    const { failed, delivered } = await bare.run(() => bare.get(Notifications).send(ANN, new OrderShipped('1')));
    expect([failed.map(({ channel }) => channel), delivered]).toEqual([['mail'], ['database']]);
    await expect(bare.get(Notifications).queue(ANN, new OrderShipped('1'))).rejects.toMatchObject({
      code: 'notifications.no_queue',
    });
    await expect(
      bare.get(Notifications).send(ANN, new OrderShipped('1'), { throttle: { every: '1h' } }),
    ).rejects.toMatchObject({ code: 'notifications.throttle' });
    await bare.close();
  });
});

describe('mail and notifications in queues', () => {
  /** A server that is down, then refuses, then works. */
  class MoodyTransport extends MailTransport {
    answers: ('down' | 'refuses')[] = [];
    readonly sent: ComposedMail[] = [];

    async send(mail: ComposedMail) {
      const answer = this.answers.shift();
      if (answer)
        throw new MailDeliveryError(mail.subject, { server: 'test', reason: answer, temporary: answer === 'down' });
      this.sent.push(mail);
      return { id: mail.id, accepted: [], rejected: [] };
    }
  }

  it('are tried again while the server is down, with one id, and not after it has refused', async () => {
    const transport = new MoodyTransport();
    const driver: MailDriver = { name: 'moody', delivers: true, create: async () => transport };
    const app = await boot({ mail: { driver, from: 'app@example.com' } });
    const { Mailer } = await import('bowerbird/mail');
    const mail = { to: 'ann@example.com', subject: 'Hi', text: 'Text', attachments: [{ filename: 'ü', content: 'ä' }] };
    await app.run(() => app.get(Mailer).queue(mail));
    transport.answers = ['down', 'down'];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await app.jobs.runAll({ throws: false });
      app.clock.advance('1h');
    }
    expect(transport.sent).toMatchObject([{ subject: 'Hi', to: [{ address: 'ann@example.com' }] }]);
    expect(Buffer.from(transport.sent[0]!.attachments[0]!.content).toString()).toBe('ä');
    transport.answers = ['refuses', 'refuses'];
    await app.run(() => app.get(Mailer).queue(mail));
    await app.run(() => app.get(Notifications).queue(ANN, new ShopClosed()));
    await app.jobs.runAll({ throws: false });
    const failed = await app.get(Jobs).find({ state: 'failed' });
    expect(failed.map(({ name }) => name)).toEqual(['mail.send', 'notifications.deliver']);
    await app.close();
    const off = await boot({ jobs: false });
    await expect(off.get(Mailer).queue(mail)).rejects.toMatchObject({ code: 'mail.no_queue' });
    await off.close();
  });

  it('are never sent for a transaction that was rolled back', async () => {
    const app = await boot();
    const { Mailer } = await import('bowerbird/mail');
    const work = app.run(() =>
      app.get(Database).atomic(async () => {
        await app.get(Mailer).queue({ to: 'ann@example.com', subject: 'Hi', text: 'Text' });
        throw new Error('no');
      }),
    );
    await expect(work).rejects.toThrow('no');
    await app.jobs.runAll();
    expect(app.outbox).toEqual([]);
    await app.close();
  });
});
