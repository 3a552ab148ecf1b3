import { Injectable } from '@nestjs/common';

import { Check, CheckRule, error, warning, type Finding, type Findings } from '#core';

import { AppRegistry, type AppProblem } from './apps/app-registry.js';
import { Databases } from './connection/databases.js';
import { type EntityProblem } from './describe/descriptions.js';

const APP_HINTS: Readonly<Record<AppProblem['kind'], string>> = {
  'not-an-app': "Mark the module: @App({ name: '…', entities: [ … ] })",
  'bad-name': 'Names stand in URLs, permissions and file names; at most 32 characters',
  'duplicate-name': 'Rename one of them; names stand in entity keys, permissions and URLs',
  'duplicate-entity': 'List the class in one app only',
  'not-an-entity': "Decorate the class with TypeORM's @Entity, or remove it from the list",
};

/** What can be wrong with apps and entities; found while they are described, reported here. */
@Check('orm')
@Injectable()
export class OrmChecks {
  constructor(
    private readonly apps: AppRegistry,
    private readonly databases: Databases,
  ) {}

  @CheckRule()
  *modules(): Findings {
    yield* this.ofApps('not-an-app', (at) => error('orm.E003', at.message, at));
  }

  @CheckRule()
  *duplicateApps(): Findings {
    yield* this.ofApps('duplicate-name', (at) => error('orm.E004', at.message, at));
  }

  @CheckRule()
  *appNames(): Findings {
    yield* this.ofApps('bad-name', (at) => error('orm.E005', at.message, at));
  }

  @CheckRule()
  *ownership(): Findings {
    yield* this.ofApps('duplicate-entity', (at) => error('orm.E006', at.message, at));
  }

  @CheckRule()
  *entityClasses(): Findings {
    yield* this.ofApps('not-an-entity', (at) => error('orm.E007', at.message, at));
  }

  @CheckRule()
  *entities(): Findings {
    for (const { id, message, at, hint } of this.databases.descriptions.problems)
      yield id.includes('.W') ? warning(id, message, { at, hint }) : error(id, message, { at, hint });
  }

  @CheckRule()
  *appDatabases(): Findings {
    const aliases = new Set(this.databases.all().map(({ alias }) => alias));
    for (const { name, database, module } of this.apps.all())
      if (!aliases.has(database))
        yield error('orm.E015', `The app "${name}" wants the database "${database}", which is not configured`, {
          at: module.name,
          hint: `Add ${database} to settings.databases, or change the database of the app`,
        });
  }

  private *ofApps(
    kind: AppProblem['kind'],
    finding: (problem: Pick<EntityProblem, 'message' | 'at' | 'hint'>) => Finding,
  ): Generator<Finding> {
    for (const problem of this.apps.problems)
      if (problem.kind === kind) yield finding({ message: problem.message, at: problem.at, hint: APP_HINTS[kind] });
  }
}
