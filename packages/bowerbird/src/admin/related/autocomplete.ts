import { Injectable } from '@nestjs/common';

import { NotFoundError, Reply, type HttpRequest } from '#http';
import { type QuerySet, type RelationDescription } from '#orm';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminSite } from '../site/admin-site.js';
import { RowFinder } from '../site/row-finder.js';
import { parseKeySegment } from '../site/row-key.js';
import { LinkedRows } from './linked-rows.js';
import { RelationScopes } from './relation-scope.js';
import { RowSearch, type SearchedScope } from './row-search.js';

const MAX_TEXT = 200;
const MAX_PAGE = 500;

/** The relation that a question is about, and the rows that may be chosen for it. */
interface Asked {
  readonly source: AdminDescriptor;
  readonly relation: RelationDescription;
  readonly scope: SearchedScope;
}

/**
 * Answers the searches of relation fields. Whatever is wrong with a question (an unknown entity or relation, no
 * permission to edit the one or to see the other) gets the same 404, so that nothing can be learned by asking.
 */
@Injectable()
export class Autocomplete {
  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly scopes: RelationScopes,
    private readonly search: RowSearch,
    private readonly linked: LinkedRows,
    private readonly finder: RowFinder,
  ) {}

  async answer(request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const { field, q, page, row } = request.query;
    const { scope, source, relation } = await this.resolve(textOf(field), context);
    const links = row === undefined ? undefined : await this.links(source, relation, textOf(row), context);
    return Reply.json(await this.search.find(scope, searchText(textOf(q)), pageOf(textOf(page)), context, links));
  }

  /** The rows that a row of the user's is linked to. @throws NotFoundError */
  private async links(
    source: AdminDescriptor,
    relation: RelationDescription,
    segment: string,
    context: AdminContext,
  ): Promise<QuerySet> {
    const key = relation.kind === 'many-to-many' ? parseKeySegment(segment, source.entity) : undefined;
    const row = key === undefined ? null : await this.finder.byKey(source, key, context);
    if (!row || !(await this.access.may(source, 'change', context, row))) throw unknown();
    return this.linked.of(row, relation);
  }

  /** @throws NotFoundError */
  private async resolve(field: string, context: AdminContext): Promise<Asked> {
    const [app = '', entity = '', ...path] = field.split('.');
    const source = this.site.findByKey(`${app}.${entity}`);
    const relation = source?.entity.relation(path.join('.'));
    const edited = source && relation && source.form.editable.includes(relation.path);
    if (!edited || !(await this.mayEdit(source, context))) throw unknown();
    const scope = await this.scopes.choices(source.entity, relation, context);
    const { descriptor } = scope;
    if (!descriptor || !scope.visible || descriptor.search.length === 0) throw unknown();
    return { source, relation, scope: { ...scope, descriptor } };
  }

  private async mayEdit(source: AdminDescriptor, context: AdminContext): Promise<boolean> {
    return (await this.access.may(source, 'add', context)) || this.access.may(source, 'change', context);
  }
}

const unknown = () => new NotFoundError('There is no such field to search for');

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What people typed, without what no database takes. */
export function searchText(text: string): string {
  return text.replaceAll('\0', '').slice(0, MAX_TEXT).trim();
}

function pageOf(text: string): number {
  const page = /^\d{1,3}$/.test(text) ? Number(text) : 1;
  return Math.min(Math.max(page, 1), MAX_PAGE);
}
