import { Inject, Injectable } from '@nestjs/common';

import { type AnyClass, type Class } from '#core';

import { Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { UnknownPathError } from '../orm.errors.js';
import { type FieldName } from '../query/path.types.js';
import { type QuerySet } from '../query/query-set.js';
import { ContentTypes } from './content-types.service.js';
import { keyText } from './generic-key.js';
import { GENERIC_KEY_NOTE, GENERIC_RELATION_NOTE, type GenericRelationNote } from './generic.decorators.js';

type Row = Record<string, unknown>;

/** Rows of one statement. */
const CHUNK = 1_000;

/** Sets, follows and queries references that may lead to rows of any entity. */
@Injectable()
export class GenericRelations {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(ContentTypes) private readonly types: ContentTypes,
  ) {}

  /** Points a generic reference at a row, or with null at none. Save the row afterwards. @throws UnknownPathError */
  async assign<E extends object>(row: E, path: FieldName<E>, target: object | null): Promise<void> {
    const { type, key } = this.keyNote(row, path);
    const kind = target && (await this.types.of(target.constructor as Class));
    Object.assign(row, {
      [path]: target,
      [type]: kind?.id ?? null,
      [key]: target && keyText(this.databases.descriptions.ofRow(target).keyOf(target)),
    });
  }

  /**
   * Loads a generic reference or a generic relation of some rows: one statement for each kind of row that they refer to,
   * or one for all rows that refer to them. A reference to a row that is gone becomes null. @throws UnknownPathError
   */
  async load<E extends object>(rows: readonly E[], path: FieldName<E>): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const relation = GENERIC_RELATION_NOTE.read(Object.getPrototypeOf(first) as object, path);
    if (relation) await this.loadRelated(rows as readonly Row[], path, relation);
    else await this.loadTargets(rows, path);
  }

  /** The query of the rows that refer to a row by a generic relation of its. @throws UnknownPathError */
  async related<T extends object = object>(row: object, path: string): Promise<QuerySet<T>> {
    const relation = GENERIC_RELATION_NOTE.read(Object.getPrototypeOf(row) as object, path);
    if (!relation) throw this.unknown(row, path);
    return (await this.referring([row], relation)) as unknown as QuerySet<T>;
  }

  private async loadTargets(rows: readonly object[], path: string): Promise<void> {
    this.keyNote(rows[0]!, path);
    const entity = rows[0]!.constructor as Class;
    const { queries } = this.databases.of(entity);
    await queries.loader.loadInto(queries.model(entity), rows, [{ path }]);
  }

  private async loadRelated(rows: readonly Row[], path: string, relation: GenericRelationNote): Promise<void> {
    const { key } = this.keyNote((relation.entity() as Class).prototype as object, relation.path);
    const groups = new Map<string, object[]>();
    for (let start = 0; start < rows.length; start += CHUNK)
      for (const found of await (await this.referring(rows.slice(start, start + CHUNK), relation)).all()) {
        const text = (found as Row)[key] as string;
        groups.set(text, [...(groups.get(text) ?? []), found]);
      }
    for (const row of rows) row[path] = groups.get(this.textOf(row)) ?? [];
  }

  private async referring(rows: readonly object[], { entity, path }: GenericRelationNote): Promise<QuerySet> {
    const referring = entity() as Class;
    const { type, key } = this.keyNote(referring.prototype as object, path);
    const { id } = await this.types.of(rows[0]!.constructor as Class);
    const keys = rows.map((row) => this.textOf(row));
    return this.databases
      .objects(referring)
      .untyped()
      .filter({ [type]: id, [`${key}__in`]: keys });
  }

  private textOf(row: object): string {
    return keyText(this.describe(row).keyOf(row));
  }

  private describe(row: object): EntityDescription {
    return this.databases.descriptions.ofRow(row);
  }

  private keyNote(row: object, path: string): { readonly type: string; readonly key: string } {
    const note = GENERIC_KEY_NOTE.read(row, path);
    if (note) return note;
    throw this.unknown(row, path);
  }

  private unknown(row: object, path: string): UnknownPathError {
    return new UnknownPathError((row.constructor as AnyClass).name, path, []);
  }
}
