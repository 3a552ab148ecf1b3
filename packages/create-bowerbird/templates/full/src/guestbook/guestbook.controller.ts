import { Controller, Get, Post, Req } from '@nestjs/common';
import { Public } from 'bowerbird';
import { type EntityForm } from 'bowerbird/forms';
import { formValues, Reply, type HttpRequest } from 'bowerbird/http';
import { Jobs } from 'bowerbird/jobs';
import { Database } from 'bowerbird/orm';
import { rate, Throttle } from 'bowerbird/security';
import { addMessage } from 'bowerbird/sessions';
import { Disks } from 'bowerbird/storage';
import { TemplateRenderer } from 'bowerbird/templates';

import { Entry } from './entry.entity.js';
import { EntryForms } from './entry.forms.js';
import { ForgetEntryJob } from './forget-entry.job.js';

/** Entries on one page. */
const NEWEST = 20;

/** The first page: what visitors have written, and a form for one more entry. */
@Public()
@Controller()
export class GuestbookController {
  constructor(
    private readonly database: Database,
    private readonly forms: EntryForms,
    private readonly disks: Disks,
    private readonly jobs: Jobs,
    private readonly templates: TemplateRenderer,
  ) {}

  @Get()
  show(): Promise<Reply> {
    return this.page(this.forms.create());
  }

  @Throttle(rate('10/min', { by: 'address' }))
  @Post()
  async sign(@Req() request: HttpRequest): Promise<Reply> {
    const form = this.forms.create({ data: formValues(request), files: request.files });
    if (!(await form.trySave({ after: (entry) => this.forgetLater(entry) }))) return this.page(form, 422);
    addMessage('success', 'Thank you! Your entry is shown as soon as somebody has read it.');
    return Reply.redirect('/');
  }

  /** Part of the transaction that stores the entry: a worker has both or neither. */
  private async forgetLater({ id }: Entry): Promise<void> {
    await this.jobs.enqueue(ForgetEntryJob, { id }, { delay: '30d' });
  }

  private async page(form: EntityForm<Entry>, status = 200): Promise<Reply> {
    const rows = await this.database.objects(Entry).filter({ shown: true }).slice(0, NEWEST).all();
    const model = { entries: rows.map((entry) => this.view(entry)), form: await form.view() };
    return Reply.html(await this.templates.render('guestbook/page', model), { status });
  }

  /** What the page says of an entry. */
  private view({ name, message, photo, writtenAt }: Entry) {
    return { name, message, writtenAt, photo: photo && this.disks.default.url(photo) };
  }
}
