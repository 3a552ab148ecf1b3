import { Injectable } from '@nestjs/common';

import { Permission } from '#auth';
import { Databases, Descriptions, textJoins, type QuerySet, type RelationDescription } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { type FieldControl } from '../site/admin-options.js';
import { AdminSite } from '../site/admin-site.js';
import { RelationScopes } from './relation-scope.js';

/** Most links that a field which searches lists one by one; each is a field of the form that is sent. */
const LISTED = 200;
/** Most links of a field that lists the whole target, which it does up to as many rows. */
const LISTED_WHOLE = 500;
/** Rows that stand for the others where a relation has more links than are listed. */
const FIRST = 50;

/** The first of the linked rows, where there are too many to list. */
export type FirstRows = readonly object[] & { readonly isPart: true };

/** Whether linked rows are not all of them. */
export function isPart(value: unknown): value is FirstRows {
  return Array.isArray(value) && 'isPart' in value;
}

/** Reads the rows that a many-to-many relation links to: all while they are few, otherwise the first ones. */
@Injectable()
export class LinkedRows {
  constructor(
    private readonly site: AdminSite,
    private readonly descriptions: Descriptions,
    private readonly databases: Databases,
    private readonly scopes: RelationScopes,
  ) {}

  /**
   * Puts the linked rows onto a row that is only looked at; of a part, those that the user may choose. It must not be
   * saved: a part would unlink the rest.
   */
  async show(
    descriptor: AdminDescriptor,
    row: object,
    relation: RelationDescription,
    context: AdminContext,
  ): Promise<void> {
    const rows = await this.read(descriptor, row, relation);
    const listed = rows.length <= limitOf(descriptor, relation, this.site);
    const shown = listed ? rows : Object.assign(await this.first(row, relation, rows, context), { isPart: true });
    Object.assign(row, { [relation.path]: shown });
  }

  /** Puts the linked rows onto a row that may be saved, where they are few enough to be all there. */
  async attach(descriptor: AdminDescriptor, row: object, relation: RelationDescription): Promise<void> {
    const rows = await this.read(descriptor, row, relation);
    if (rows.length <= limitOf(descriptor, relation, this.site)) Object.assign(row, { [relation.path]: rows });
  }

  /** The linked rows in the order of their admin. */
  of(row: object, { path, target }: RelationDescription): QuerySet {
    const owner = this.descriptions.ofRow(row);
    const database = this.databases.get(owner.database);
    const own = database.objects<object>(owner.target).filter({ pk: row });
    const rows = database.objects<object>(target).filter({ pk__in: own.flat(path) });
    const ordering = this.site.find(target)?.ordering ?? [];
    return ordering.length === 0
      ? rows.totallyOrdered()
      : rows.orderBy(...ordering.map(({ path: by, descending }) => (descending ? `-${by}` : by)));
  }

  private async first(
    row: object,
    relation: RelationDescription,
    rows: readonly object[],
    context: AdminContext,
  ): Promise<object[]> {
    const scope = await this.scopes.choices(this.descriptions.ofRow(row), relation, context);
    if (!scope.narrowed) return rows.slice(0, FIRST);
    return scope.limit(this.of(row, relation)).slice(0, FIRST).all();
  }

  private read(descriptor: AdminDescriptor, row: object, relation: RelationDescription): Promise<object[]> {
    const describe = (entity: Parameters<Descriptions['of']>[0]) => this.descriptions.of(entity);
    const rows = this.of(row, relation).selectRelated(...textJoins(describe(relation.target), '', describe));
    const most = limitOf(descriptor, relation, this.site);
    return (most === Infinity ? rows : rows.slice(0, most + 1)).all();
  }
}

function limitOf({ form }: AdminDescriptor, { path, target }: RelationDescription, site: AdminSite): number {
  const control = form.controls.get(path);
  if (control === 'checkboxes' && target === Permission) return Infinity;
  return isSearched(control, site.find(target)) ? LISTED : LISTED_WHOLE;
}

/** Whether rows of a relation are searched: where its target can be, unless another control is wanted. */
export function isSearched(wanted: FieldControl | undefined, target: AdminDescriptor | null | undefined): boolean {
  return (wanted === undefined || wanted === 'search') && Boolean(target && target.search.length > 0);
}
