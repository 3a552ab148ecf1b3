import { Module } from '@nestjs/common';
import { App } from 'bowerbird';

import { EntryAdmin } from './entry.admin.js';
import { Entry } from './entry.entity.js';
import { EntryForms } from './entry.forms.js';
import { EntryViewSet } from './entry.viewset.js';
import { ForgetEntryJob } from './forget-entry.job.js';
import { GuestbookAssets } from './guestbook.assets.js';
import { GuestbookController } from './guestbook.controller.js';
import { SeedGuestbookCommand } from './seed-guestbook.command.js';

@App({
  name: 'guestbook',
  entities: [Entry],
  templates: new URL('../../templates/', import.meta.url),
})
@Module({
  controllers: [GuestbookController, EntryViewSet],
  providers: [EntryAdmin, EntryForms, ForgetEntryJob, GuestbookAssets, SeedGuestbookCommand],
})
export class GuestbookModule {}
