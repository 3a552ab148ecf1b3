import { Injectable } from '@nestjs/common';

import { Check, CheckRule, warning, type Findings } from '#core';

import { Databases } from './databases.js';

/** Options of databases that do not do what they say. */
@Check('orm')
@Injectable()
export class DatabasesChecks {
  constructor(private readonly databases: Databases) {}

  @CheckRule()
  *timeLimits(): Findings {
    for (const { alias, dialect, config } of this.databases.all())
      if (dialect === 'sqlite' && config.statementTimeout > 0)
        yield warning('orm.W003', `The statementTimeout of the database "${alias}" is not kept: SQLite knows none`, {
          at: alias,
          hint: 'Leave it out, or use PostgreSQL, MySQL or MariaDB',
        });
  }
}
