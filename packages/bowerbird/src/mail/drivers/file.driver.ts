import { mkdir, rename, writeFile } from 'node:fs/promises';

import { loadPeer, randomToken } from '#core';

import { recipientsOf, type ComposedMail } from '../composed-mail.js';
import { MailTransport, type MailReceipt } from '../mail-transport.js';
import { toNodemailer } from './nodemailer.js';

type Library = typeof import('nodemailer');

/** Writes every mail into a file of its own, named by its time. */
export class FileTransport extends MailTransport {
  private library: Promise<Library> | undefined;

  constructor(private readonly directory: URL) {
    super();
  }

  async send(mail: ComposedMail): Promise<MailReceipt> {
    const source = await this.compose(mail);
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const name = `${mail.date.toISOString().replaceAll(/[:.]/g, '-')}-${randomToken(6)}`;
    // Whoever watches the directory never sees half a mail.
    const unfinished = new URL(`.${name}`, this.directory);
    await writeFile(unfinished, source, { mode: 0o600 });
    await rename(unfinished, new URL(`${name}.eml`, this.directory));
    return { id: mail.id, accepted: recipientsOf(mail), rejected: [] };
  }

  private async compose(mail: ComposedMail): Promise<Buffer> {
    this.library ??= loadPeer('nodemailer', 'Mail in files', () => import('nodemailer'));
    const { createTransport } = await this.library;
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const { message } = await composer.sendMail({ ...toNodemailer(mail), bcc: [] });
    return message as Buffer;
  }
}
