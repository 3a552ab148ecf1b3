import { Injectable } from '@nestjs/common';
import { formClassFor, type EntityForm, type EntityFormInput } from 'bowerbird/forms';
import { Database } from 'bowerbird/orm';

import { Entry } from './entry.entity.js';

/** What visitors fill in. */
@Injectable()
export class EntryForms {
  private readonly form = formClassFor(this.database.describe(Entry), {
    // A field that is not named here cannot be set by visitors.
    fields: ['name', 'message', 'photo'],
  });

  constructor(private readonly database: Database) {}

  /** A form, bound to what somebody has entered if that is given. */
  create(input: EntityFormInput<Entry> = {}): EntityForm<Entry> {
    return new this.form(input);
  }
}
