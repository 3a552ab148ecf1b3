import { Module } from '@nestjs/common';
import { App } from 'bowerbird';

import { Entry } from './entry.entity.js';
import { EntryForms } from './entry.forms.js';
import { GuestbookAssets } from './guestbook.assets.js';
import { GuestbookController } from './guestbook.controller.js';

@App({
  name: 'guestbook',
  entities: [Entry],
  templates: new URL('../../templates/', import.meta.url),
})
@Module({ controllers: [GuestbookController], providers: [EntryForms, GuestbookAssets] })
export class GuestbookModule {}
