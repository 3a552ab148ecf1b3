import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, error, type Findings } from '#core';

import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { type Dialect, type EntityDescription, type SqlText } from '../entity-description.js';

/** What can be wrong with the constraints of entities. */
@Check('orm')
@Injectable()
export class ConstraintChecks {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  @CheckRule()
  *readable(): Findings {
    for (const { name, managed, constraintProblems = [] } of this.databases.descriptions.all())
      for (const { constraint, message, hint } of constraintProblems.filter(({ ofTable }) => managed || !ofTable))
        yield error('orm.E054', `The constraint ${constraint} of ${name} cannot be read: ${message}`, {
          at: name,
          hint: hint ?? 'Name fields of the entity, or write the condition in SQL',
        });
  }

  @CheckRule()
  *kept(): Findings {
    for (const { entity, database } of this.held())
      for (const [constraint, what] of unkept(entity, database.dialect))
        yield error('orm.E055', `"${database.alias}" is ${database.dialect} and has no ${what} (${entity.name})`, {
          at: entity.name,
          hint: `Leave ${constraint} out, or hold the entity in PostgreSQL`,
        });
  }

  @CheckRule()
  *names(): Findings {
    for (const database of this.databases.all()) {
      const owners = new Map<string, EntityDescription>();
      for (const { entity } of this.held().filter((place) => place.database === database))
        for (const name of sharedNames(entity, database.dialect)) {
          const owner = owners.get(name) ?? entity;
          owners.set(name, owner);
          if (owner.table !== entity.table)
            yield error(
              'orm.E056',
              `${owner.name} and ${entity.name} have a constraint or index of one name, "${name}"`,
              {
                at: entity.name,
                hint: "Rename one of them, or put the table into the name: '{table}_…'",
              },
            );
        }
    }
  }

  /** The tables that migrations make, with the databases that hold them. */
  private held(): readonly { readonly entity: EntityDescription; readonly database: Database }[] {
    return this.databases.descriptions
      .all()
      .filter(({ managed }) => managed)
      .map((entity) => ({ entity, database: this.databases.of(entity.target) }));
  }
}

/** The constraints that a kind of database cannot keep, and what it lacks for them. */
function unkept(entity: EntityDescription, dialect: Dialect): readonly (readonly [constraint: string, what: string])[] {
  if (dialect === 'postgres') return [];
  const { exclusions = [], uniques, indexes, checks } = entity;
  const lacksWords = (text: SqlText | undefined) => typeof text === 'object' && text[dialect] === undefined;
  return [
    ...exclusions.map(({ name = 'it' }) => [name, `exclusion constraint for ${name}`] as const),
    ...uniques
      .filter(({ deferrable }) => deferrable)
      .map(({ name }) => [name, `unique set that is checked later for ${name}`] as const),
    ...[
      ...indexes.filter(({ where, expressions = [] }) =>
        [where, ...expressions.map(({ sql }) => sql)].some(lacksWords),
      ),
      ...checks.filter(({ expression }) => lacksWords(expression)),
    ].map(({ name }) => [name, `words for ${name}`] as const),
  ];
}

/** The parts of an entity of which a database lets no two tables have one of a name. */
const NAMED_ONCE: Readonly<Record<Dialect, (entity: EntityDescription) => readonly { readonly name?: string }[]>> = {
  postgres: ({ uniques, indexes, exclusions = [] }) => [...uniques, ...indexes, ...exclusions],
  mysql: ({ checks }) => checks,
  sqlite: ({ uniques, indexes }) => [...uniques.filter(({ nulls }) => nulls === 'same'), ...indexes],
};

/** Names that are given by somebody; those that TypeORM makes are of one table alone. */
function sharedNames(entity: EntityDescription, dialect: Dialect): ReadonlySet<string> {
  return new Set(
    NAMED_ONCE[dialect](entity).flatMap(({ name }) =>
      name === undefined || /^(UQ|IDX|CHK|REL|XCL)_/.test(name) ? [] : [name],
    ),
  );
}
