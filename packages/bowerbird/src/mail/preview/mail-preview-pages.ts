import { Injectable } from '@nestjs/common';

import { NotFoundError, Reply, StaticDirectory } from '#http';
import { TemplateDirectory, TemplateRenderer } from '#templates';

import { PreviewFiles, type KeptMail } from '../drivers/preview-files.js';
import { asDirectory } from '../mail-driver.js';
import { MailConfig } from '../mail.options.js';
import { framedHtml } from './framed-html.js';
import { describeLine, describeMail } from './mail-view.js';
import { PREVIEW_PATH } from './preview-path.js';

/** Styles of the pages that show mail. */
@StaticDirectory('mail-preview')
@Injectable()
export class MailPreviewAssets {
  readonly url = new URL('./assets/', import.meta.url);
}

/** The pages that show mail. */
@TemplateDirectory('mail-preview')
@Injectable()
export class MailPreviewTemplates {
  readonly url = new URL('./templates/', import.meta.url);
}

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; " +
    "base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
};

/** Makes the pages that show what was sent in development. */
@Injectable()
export class MailPreviewPages {
  private readonly files: PreviewFiles;

  constructor(
    { preview, home }: MailConfig,
    private readonly renderer: TemplateRenderer,
  ) {
    this.files = new PreviewFiles(new URL(asDirectory(preview ?? ''), home), Infinity);
  }

  /** All mails; beside them, where there is room, the newest. */
  async list(): Promise<Reply> {
    const mails = await this.files.all();
    return this.page(mails, mails[0], undefined, true);
  }

  /** One mail beside the others. @throws NotFoundError */
  async show(name: string, part: string | undefined): Promise<Reply> {
    const kept = await this.find(name);
    return this.page(await this.files.all(), kept, part, false);
  }

  /** The HTML of a mail, for the frame. @throws NotFoundError */
  async html(name: string): Promise<Reply> {
    return framedHtml((await this.find(name)).mail);
  }

  /** What travels with a mail, to be saved. @throws NotFoundError */
  async file(name: string, index: string): Promise<Reply> {
    const { attachments } = (await this.find(name)).mail;
    const file = /^\d{1,4}$/.test(index) ? attachments[Number(index)] : undefined;
    if (!file) throw new NotFoundError('The mail has no such file');
    return Reply.bytes(file.content, {
      'Content-Type': file.contentType,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename).replaceAll("'", '%27')}`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
  }

  async clear(): Promise<Reply> {
    await this.files.clear();
    return Reply.redirect(`/${PREVIEW_PATH}`);
  }

  private async find(name: string): Promise<KeptMail> {
    const kept = await this.files.find(name);
    if (kept) return kept;
    throw new NotFoundError('There is no such mail; newer ones may have taken its place');
  }

  private async page(
    mails: readonly KeptMail[],
    current: KeptMail | undefined,
    part: string | undefined,
    isList: boolean,
  ): Promise<Reply> {
    const page = await this.renderer.render('mail-preview/page', {
      listUrl: `/${PREVIEW_PATH}`,
      clearUrl: `/${PREVIEW_PATH}/clear`,
      isList,
      mails: mails.map((kept) => describeLine(kept, current?.name)),
      mail: current ? describeMail(current, part) : null,
    });
    return Reply.html(page, { headers: HEADERS });
  }
}
