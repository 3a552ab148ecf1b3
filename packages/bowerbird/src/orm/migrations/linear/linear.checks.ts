import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, error, FrameworkError, type Findings } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { LATEST_FILE, type LatestNote } from './latest-file.js';
import { isRight, latestOf } from './latest-files.js';

/** Whether the files that name the newest migrations of linear apps do so. */
@Check('orm')
@Injectable()
export class LinearChecks {
  constructor(@Inject(AppRegistry) private readonly apps: AppRegistry) {}

  @CheckRule()
  async *latest(): Findings {
    const graph = await this.graph();
    for (const app of this.apps.all()) {
      const kept = await latestOf(app);
      if (!graph || !kept) continue;
      const leaves = graph.leavesOf(app.name).map(({ name }) => name);
      // Branches that both end in a migration are found by another check.
      if (leaves.length > 1 ? kept.note.kind !== 'conflict' : isRight(kept.note, leaves[0])) continue;
      yield error('orm.E021', `${LATEST_FILE} of "${app.name}" ${problemOf(kept.note)}${expected(leaves)}`, {
        at: kept.path,
        hint: hintFor(app.name, kept.note),
      });
    }
  }

  /** Files that cannot be read are found by the check of their own. */
  private async graph(): Promise<MigrationGraph | undefined> {
    try {
      return await loadMigrations(this.apps.all());
    } catch (problem) {
      if (problem instanceof FrameworkError) return undefined;
      throw problem;
    }
  }
}

function problemOf(note: LatestNote): string {
  if (note.kind === 'named') return `names ${note.name}`;
  if (note.kind === 'missing') return 'is missing';
  if (note.kind === 'unclear') return 'does not name one migration';
  return `is in conflict: ${note.sides.map(({ name, label }) => `${name} (${label})`).join(' or ')}`;
}

function expected(leaves: readonly string[]): string {
  if (leaves.length > 1) return '';
  return leaves[0] === undefined ? ', and the app has no migration' : `; the newest migration is ${leaves[0]}`;
}

function hintFor(app: string, { kind }: LatestNote): string {
  return kind === 'conflict'
    ? `Put one migration behind the other: rebasemigrations ${app}`
    : `Have it written: makemigrations ${app}`;
}
