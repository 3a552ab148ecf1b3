import { BackgroundJob, Job } from 'bowerbird/jobs';
import { Database } from 'bowerbird/orm';

import { Entry } from './entry.entity.js';

/** Takes an entry away that nobody wanted to show. */
@Job({ name: 'guestbook.forget-entry' })
export class ForgetEntryJob extends BackgroundJob<{ readonly id: number }> {
  constructor(private readonly database: Database) {
    super();
  }

  /** Does no harm when it runs twice: a worker may be lost before it can say that it is done. */
  async run({ id }: { readonly id: number }): Promise<void> {
    await this.database.objects(Entry).filter({ id, shown: false }).delete();
  }
}
