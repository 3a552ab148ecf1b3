import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, FrameworkError, warning, type Findings } from '#core';

import { Databases } from '../../connection/databases.js';
import { differenceText } from './difference.js';
import { DriftFinder, type DriftReport } from './drift-finder.js';

/** Differences that one finding lists. */
const LISTED = 5;

/** Whether the live databases are what the applied migrations say. */
@Check('orm')
@Injectable()
export class DriftChecks {
  constructor(
    @Inject(DriftFinder) private readonly finder: DriftFinder,
    @Inject(Databases) private readonly databases: Databases,
  ) {}

  @CheckRule({ database: true })
  async *drift(): Findings {
    for (const { alias } of this.databases.all()) {
      const { differences } = await this.reportOf(alias);
      if (differences.length === 0) continue;
      const more = differences.length > LISTED ? `; and ${differences.length - LISTED} more` : '';
      const list = differences.slice(0, LISTED).map(differenceText).join('; ');
      yield warning('orm.W023', `The database "${alias}" is not what its migrations say: ${list}${more}`, {
        hint: alias === 'default' ? 'See all: checkdrift' : `See all: checkdrift --database ${alias}`,
      });
    }
  }

  /** Files that cannot be read are found by the check of their own. */
  private async reportOf(alias: string): Promise<Pick<DriftReport, 'differences'>> {
    try {
      return await this.finder.find(alias);
    } catch (problem) {
      if (problem instanceof FrameworkError && problem.code.startsWith('orm.migration_')) return { differences: [] };
      throw problem;
    }
  }
}
