import { Injectable } from '@nestjs/common';

import { TemplateRenderer } from '#templates';

import { MailTemplateError } from './mail.errors.js';

/** The words of a mail. */
export interface MailWords {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

/**
 * Renders the templates of a mail: `<name>.subject.txt` and `<name>.txt`, in which nothing is escaped, and, where it is
 * there, `<name>.html`.
 */
@Injectable()
export class MailTemplates {
  constructor(private readonly renderer: TemplateRenderer) {}

  /** @throws MailTemplateError, and what templates throw */
  async render(name: string, data: object): Promise<MailWords> {
    const [subject, text] = [`${name}.subject.txt`, `${name}.txt`];
    this.require(subject, 'the subject');
    this.require(text, 'the text');
    const html = `${name}.html`;
    return {
      subject: oneLine(subject, await this.renderer.render(subject, data)),
      text: await this.renderer.render(text, data),
      html: this.renderer.has(html) ? await this.renderer.render(html, data) : null,
    };
  }

  private require(template: string, part: string): void {
    if (this.renderer.has(template)) return;
    throw new MailTemplateError(
      `${template}.hbs`,
      'does not exist',
      `Write ${part} of the mail into ${template}.hbs in a directory of templates`,
    );
  }
}

/** Editors end files with a line break, which is none of the subject's. */
function oneLine(template: string, rendered: string): string {
  const subject = rendered.trim();
  if (!/[\r\n]/.test(subject)) return subject;
  const hint = 'A subject is one line: keep line breaks out of the template and of the values in it';
  throw new MailTemplateError(`${template}.hbs`, 'makes several lines', hint);
}
