import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainToASCII, pathToFileURL } from 'node:url';

import { mailDrivers, MailOutbox, type ComposedMail, type MailDriver, type MailTransport } from 'bowerbird/mail';
import { FakeClock, type MailTransportFactory, type ReceivedMail } from 'bowerbird/testing';

import { readMessage } from '../../support/mime.js';
import { startSmtpServer, type TakenMessage, type TestSmtpServer } from '../../support/smtp-server.js';

/** A transport by itself. */
export function createTransport(driver: MailDriver, home?: URL, outbox = new MailOutbox()): Promise<MailTransport> {
  return driver.create({ clock: new FakeClock(), home: home ?? newFolder(), outbox });
}

/** An empty directory of a project. */
export function newFolder(): URL {
  return pathToFileURL(`${mkdtempSync(join(tmpdir(), 'bowerbird-mail-'))}/`);
}

/** Transports to a server that takes mail without encryption; `servers` are to be closed. */
export function smtpTransports(servers: TestSmtpServer[]): MailTransportFactory {
  return async () => {
    const server = await startSmtpServer();
    servers.push(server);
    const transport = await createTransport(mailDrivers.smtp({ url: `smtp://127.0.0.1:${server.port}?tls=none` }));
    return { transport, received: async () => server.taken.map(fromMessage) };
  };
}

export const fileTransports: MailTransportFactory = async () => {
  const home = newFolder();
  const transport = await createTransport(mailDrivers.file({ directory: 'sent' }), home);
  const folder = new URL('sent/', home);
  return {
    transport,
    // The envelope is none of a file's: who gets the mail stands in its headers, but for those who get it unseen.
    received: async () =>
      readdirSync(folder).map((name) => {
        const received = fromMessage({ source: readFileSync(new URL(name, folder), 'latin1') });
        return { ...received, recipients: [...received.recipients, 'cy@example.com'] };
      }),
  };
};

export const previewTransports: MailTransportFactory = async () => {
  const home = newFolder();
  const transport = await createTransport(mailDrivers.preview(), home);
  const folder = new URL('var/mail/', home);
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ComposedMail;
  return { transport, received: async () => readdirSync(folder).map((name) => fromMail(read(name))) };
};

export const memoryTransports: MailTransportFactory = async () => {
  const outbox = new MailOutbox();
  const transport = await createTransport(mailDrivers.memory(), undefined, outbox);
  return { transport, received: async () => outbox.all.map(fromMail) };
};

function fromMessage({ source, ...envelope }: Partial<TakenMessage> & { readonly source: string }): ReceivedMail {
  const { headers, head, ...said } = readMessage(source);
  const addresses = (name: string) => headers.get(name)?.match(/[^\s<>,]+@[^\s<>,]+/g) ?? [];
  return {
    from: envelope.from ?? addresses('from')[0]!,
    recipients: envelope.recipients?.map(asciiDomain) ?? [...addresses('to'), ...addresses('cc')],
    subject: headers.get('subject')!,
    ...said,
    source: head,
  };
}

/** The server shows domains as people write them. */
function asciiDomain(address: string): string {
  const [local, domain] = address.split('@');
  return `${local}@${domainToASCII(domain!)}`;
}

function fromMail({ from, to, cc, bcc, subject, text, html, attachments }: ComposedMail): ReceivedMail {
  return {
    from: from.address,
    recipients: [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))],
    subject,
    text,
    html,
    files: attachments.map(({ filename, content }) => ({ filename, content: bytesOf(content) })),
  };
}

/** Files of the preview hold base64. */
function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'base64') : content;
}
