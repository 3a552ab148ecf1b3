import { Injectable } from '@nestjs/common';

import { Descriptions, FieldError, textJoins, type EntityKey, type QuerySet, type RelationDescription } from '#orm';

import { LinkedRows } from '../related/linked-rows.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { keyLookups } from '../site/row-key.js';

/** Loads the row of a form with everything that the form shows of it. */
@Injectable()
export class FormRows {
  constructor(
    private readonly access: AdminAccess,
    private readonly descriptions: Descriptions,
    private readonly linked: LinkedRows,
  ) {}

  /** The row to look at, its lists included, of long ones a part; null when there is none for this user. */
  async forReading(descriptor: AdminDescriptor, key: EntityKey, context: AdminContext): Promise<object | null> {
    const row = await first(this.query(descriptor, context), descriptor, key);
    if (row) for (const relation of lists(descriptor)) await this.linked.show(descriptor, row, relation, context);
    return row;
  }

  /** The row to save: without its lists, which are compared and written apart; short ones that are read only are there. */
  async forSaving(descriptor: AdminDescriptor, key: EntityKey, context: AdminContext): Promise<object | null> {
    const row = await first(this.query(descriptor, context), descriptor, key);
    const shown = lists(descriptor).filter(({ path }) => descriptor.form.readers.has(path));
    if (row) for (const relation of shown) await this.linked.attach(descriptor, row, relation);
    return row;
  }

  private query(descriptor: AdminDescriptor, context: AdminContext): QuerySet {
    const { entity } = descriptor;
    const describe = (target: Parameters<Descriptions['of']>[0]) => this.descriptions.of(target);
    const toOne = entity.relations.filter(({ kind, owning }) => owning && kind.endsWith('to-one'));
    const joins = toOne.flatMap(({ path, target }) => [path, ...textJoins(describe(target), `${path}.`, describe)]);
    return this.access.rows(descriptor, context).selectRelated(...new Set([...joins, ...descriptor.joins]));
  }
}

function lists({ entity, form }: AdminDescriptor): readonly RelationDescription[] {
  const shown = new Set([...form.editable, ...form.readOnly]);
  return entity.relations.filter(({ path, kind }) => kind === 'many-to-many' && shown.has(path));
}

/** A key that cannot be one of the entity's finds nothing. */
async function first(rows: QuerySet, { entity }: AdminDescriptor, key: EntityKey): Promise<object | null> {
  try {
    return await rows.filter(keyLookups(key, entity)).first();
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}
