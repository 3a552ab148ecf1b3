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

  /** MySQL 9.7.4, which carries them out above InnoDB: of four tables in a row, rows of the third one stay. */
  @CheckRule({ database: true })
  async *cascades(): Findings {
    for (const database of this.databases.all()) {
      if (database.dialect !== 'mysql') continue;
      const [native] = await database.query<{ Value: string }[]>(
        "SHOW GLOBAL VARIABLES LIKE 'innodb_native_foreign_keys'",
      );
      if (native?.Value === 'OFF')
        yield warning(
          'orm.W009',
          `The server of "${database.alias}" may leave rows behind when it deletes along foreign keys`,
          {
            at: database.alias,
            hint: 'Start MySQL with innodb_native_foreign_keys=ON',
          },
        );
    }
  }
}
