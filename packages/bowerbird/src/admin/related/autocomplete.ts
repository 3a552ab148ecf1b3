import { Injectable } from '@nestjs/common';

import { NotFoundError, Reply, type HttpRequest } from '#http';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminSite } from '../site/admin-site.js';
import { RelationScopes } from './relation-scope.js';
import { RowSearch, type SearchedScope } from './row-search.js';

const MAX_TEXT = 200;
const MAX_PAGE = 500;

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
  ) {}

  async answer(request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const { field, q, page } = request.query;
    const scope = await this.resolve(textOf(field), context);
    return Reply.json(await this.search.find(scope, searchText(textOf(q)), pageOf(textOf(page)), context));
  }

  /** @throws NotFoundError */
  private async resolve(field: string, context: AdminContext): Promise<SearchedScope> {
    const [app = '', entity = '', ...path] = field.split('.');
    const source = this.site.findByKey(`${app}.${entity}`);
    const relation = source?.entity.relation(path.join('.'));
    const edited = source && relation && source.form.editable.includes(relation.path);
    if (!edited || !(await this.mayEdit(source, context))) throw unknown();
    const scope = await this.scopes.choices(source.entity, relation, context);
    const { descriptor } = scope;
    if (!descriptor || !scope.visible || descriptor.search.length === 0) throw unknown();
    return { ...scope, descriptor };
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
