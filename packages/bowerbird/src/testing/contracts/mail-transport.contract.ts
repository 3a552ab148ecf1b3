import { type ComposedMail, type MailTransport } from '#mail';

import { type ContractRunner } from './session-store.contract.js';

/** A mail as it has arrived. */
export interface ReceivedMail {
  /** Address of the sender. */
  readonly from: string;
  /** Every address that it went to, seen or unseen. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly files: readonly { readonly filename: string; readonly content: Uint8Array }[];
  /** All headers as they were sent, where the transport has some. */
  readonly source?: string;
}

/** A transport, and where its mails arrive; one that keeps none leaves `received` out. */
export interface MailTransportOnTrial {
  readonly transport: MailTransport;
  readonly received?: () => Promise<readonly ReceivedMail[]>;
}

/** Builds a transport with which nothing was sent yet. Called once for each test. */
export type MailTransportFactory = () => Promise<MailTransportOnTrial>;

const MAIL: ComposedMail = frozen({
  id: 'one@example.com',
  date: new Date('2026-05-01T10:00:00.000Z'),
  mailer: null,
  from: { name: 'Shop', address: 'shop@example.com' },
  to: [{ name: 'Ann Lee', address: 'ann@example.com' }],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: 'Hello',
  text: 'Text\n',
  html: null,
  attachments: [],
  headers: {},
});

/** Mails are given to transports as they were checked: nothing in them may be changed. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[])
    if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part)) frozen(part);
  return Object.freeze(value);
}

/** The rules that every transport keeps, as tests: `describeMailTransport({ describe, it, expect }, 'smtp', create)`. */
export function describeMailTransport(runner: ContractRunner, name: string, create: MailTransportFactory): void {
  const { describe, it, expect } = runner;

  describe(`the mail transport "${name}"`, () => {
    describeContents(runner, create);

    it('takes a mail for each of its recipients, once', async () => {
      const { transport, received } = await create();
      const mail = frozen({
        ...MAIL,
        cc: [{ name: '', address: 'bo@xn--bcher-kva.example' }],
        bcc: [
          { name: 'Unseen', address: 'cy@example.com' },
          { name: '', address: 'ann@example.com' },
        ],
      });
      const { id, accepted, rejected } = await transport.send(mail);
      const everybody = ['ann@example.com', 'bo@xn--bcher-kva.example', 'cy@example.com'];
      expect([id, [...accepted].sort(), rejected]).toEqual(['one@example.com', everybody, []]);
      const [arrived] = (await received?.()) ?? [];
      if (!arrived) return;
      expect([...arrived.recipients].sort()).toEqual(everybody);
      expect(arrived.from).toBe('shop@example.com');
    });

    it('tells nobody of those who get it unseen', async () => {
      const { transport, received } = await create();
      await transport.send({ ...MAIL, bcc: [{ name: 'Unseen', address: 'cy@example.com' }] });
      for (const { source = '' } of (await received?.()) ?? []) expect(source.includes('cy@example.com')).toBe(false);
    });

    it('takes several mails at a time', async () => {
      const { transport, received } = await create();
      const subjects = Array.from({ length: 12 }, (_, index) => `Mail ${index}`);
      await Promise.all(subjects.map((subject) => transport.send({ ...MAIL, id: `${subject.at(-1)}@x`, subject })));
      if (!received) return;
      expect((await received()).map(({ subject }) => subject).sort()).toEqual([...subjects].sort());
    });
  });
}

function describeContents({ it, expect }: ContractRunner, create: MailTransportFactory): void {
  it('keeps words as they are, in every language and of every length', async () => {
    const { transport, received } = await create();
    const subject = 'Füße, 漢字 🦜 "quoted" '.repeat(6).trim();
    const text = `.\n..dots\n${'x'.repeat(2_000)}\nÜ 漢字 🦜\n\n.\n`;
    const html = '<p style="color: red">=3D é &amp; 🦜</p>';
    await transport.send({ ...MAIL, subject, text, html });
    for (const arrived of (await received?.()) ?? []) {
      expect(arrived.subject).toBe(subject);
      expect(arrived.text.trimEnd()).toBe(text.trimEnd());
      expect(arrived.html?.trimEnd()).toBe(html);
    }
  });

  it('keeps files and inline parts byte by byte', async () => {
    const { transport, received } = await create();
    const content = Uint8Array.from({ length: 3_000 }, (_, index) => index % 256);
    const attachments = [
      { filename: 'Übersicht "1".bin', contentType: 'application/octet-stream', content, inline: null },
      { filename: 'logo.png', contentType: 'image/png', content: content.slice(0, 5), inline: 'logo' },
    ];
    await transport.send(frozen({ ...MAIL, html: '<img src="cid:logo">', attachments }));
    for (const { files } of (await received?.()) ?? []) {
      expect(files.map(({ filename }) => filename).sort()).toEqual(['logo.png', 'Übersicht "1".bin']);
      expect(files.map((file) => [...file.content]).sort((one, other) => other.length - one.length)).toEqual([
        [...content],
        [0, 1, 2, 3, 4],
      ]);
    }
  });
}
