import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, error, FrameworkError, type Findings } from '#core';

import { Databases } from '../connection/databases.js';
import { type EntityDescription, type FieldDescription } from '../describe/entity-description.js';
import { UnfitThroughError } from '../orm.errors.js';
import { THROUGH_PATHS_NOTE } from '../relations/many-to-many-through.decorator.js';
import { throughOf } from '../relations/through.js';

/** What can be wrong with the features of models. */
@Check('orm')
@Injectable()
export class ModelChecks {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  @CheckRule()
  *encryptedColumns(): Findings {
    for (const entity of this.databases.descriptions.all())
      for (const field of entity.fields.filter(({ encrypted }) => encrypted)) {
        const problem = encryptionProblem(entity, field);
        if (problem)
          yield error('orm.E051', `${entity.name}.${field.path} is encrypted and ${problem}`, {
            at: `${entity.name}.${field.path}`,
            hint: "Make it a plain @Column('text'); for lookups store a keyed hash beside it",
          });
      }
  }

  @CheckRule()
  *defaultScopes(): Findings {
    for (const entity of this.databases.descriptions.all())
      for (const [index, { name }] of entity.scopes.entries()) {
        const problem = this.scopeProblem(entity, name, index);
        if (problem)
          yield error('orm.E052', `The default scope "${name}" of ${entity.name} ${problem}`, {
            at: entity.name,
            hint: 'A scope has a name of its own and a condition that filter() would take',
          });
      }
  }

  @CheckRule()
  *throughRelations(): Findings {
    for (const { name, target } of this.databases.descriptions.all())
      for (const path of THROUGH_PATHS_NOTE.read(target) ?? []) {
        const { dataSource } = this.databases.of(target);
        const at = `${name}.${path}`;
        try {
          throughOf(dataSource.getMetadata(target), path);
        } catch (thrown) {
          if (!(thrown instanceof UnfitThroughError)) throw thrown;
          yield error('orm.E060', thrown.message, { at, hint: thrown.hint });
        }
      }
  }

  /** A condition that is made anew by each statement may need a request, so it is not tried. */
  private scopeProblem(entity: EntityDescription, name: string, index: number): string | undefined {
    const { scopes, target } = entity;
    if (scopes.findIndex((scope) => scope.name === name) < index) return 'has the name of another one';
    if (!scopes[index]!.fixed) return undefined;
    const others = scopes.map((scope) => scope.name).filter((other) => other !== name);
    const rows = this.databases.of(target).objects(target);
    try {
      (others.length > 0 ? rows.withoutScopes(...others) : rows).toSQL();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof FrameworkError) return `cannot be asked: ${thrown.message}`;
      throw thrown;
    }
  }
}

function encryptionProblem(entity: EntityDescription, { path, kind, unique, primary }: FieldDescription) {
  if (kind !== 'text') return `holds ${kind}, not text of any length`;
  const sets = [...entity.uniques, ...entity.indexes].flatMap(({ paths }) => paths);
  if (primary || unique || sets.includes(path)) return 'part of a key or an index, which cannot find it';
  return undefined;
}
