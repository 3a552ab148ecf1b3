import { Injectable } from '@nestjs/common';

import { Permissions } from '#auth';
import { Clock, type AnyClass } from '#core';
import { Databases, type QuerySet } from '#orm';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor, type FilterDescriptor } from '../site/admin-descriptor.js';
import { type FilterChoice } from '../site/admin-options.js';
import { AdminSite } from '../site/admin-site.js';
import { textPath } from '../site/resolve-path.js';
import { ShortMemory } from '../site/short-memory.js';
import { DATE_CHOICES } from './date-ranges.js';
import { type ListState } from './list-state.js';
import { applySearch } from './search-terms.js';

/** What a filter offers. */
export interface OfferedChoices {
  readonly choices: readonly FilterChoice[];
  /** There are more than these; the visitor has to type to find them. */
  readonly more: boolean;
  /** The choices were not read, because another relation filter is open. */
  readonly closed: boolean;
}

/** Most related rows that a filter offers at once. */
const MAX_CHOICES = 30;
const NONE_LABEL = 'None';
/** How long the choices of a relation are kept for one user, in milliseconds; they may be that much out of date. */
const KEPT = 2_000;
const LIMIT = 1_000;

/**
 * Finds what filters offer. Only relation filters ask the database, and only one of them per page, so that the number
 * of statements does not grow with the number of filters.
 */
@Injectable()
export class FilterChoices {
  private readonly kept: ShortMemory<readonly FilterChoice[]>;

  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly permissions: Permissions,
    private readonly databases: Databases,
    clock: Clock,
  ) {
    this.kept = new ShortMemory(clock, KEPT, LIMIT);
  }

  async of(
    filter: FilterDescriptor,
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
  ): Promise<OfferedChoices> {
    if (filter.kind === 'relation') return this.related(filter, descriptor, state, context);
    if (filter.kind === 'custom') return offered(await filter.custom!.choices(context));
    return offered(fixedChoices(filter));
  }

  private async related(
    filter: FilterDescriptor,
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
  ): Promise<OfferedChoices> {
    const [find = ''] = state.filters.get(`${filter.name}__find`) ?? [];
    const selected = (state.filters.get(filter.name) ?? []).filter((value) => value !== '');
    const open = find !== '' || filter.name === openFilter(descriptor, state);
    const found = open ? await this.found(filter, find, context) : [];
    const missing = selected.filter((value) => !found.some((choice) => choice.value === value));
    const named =
      missing.length > 0
        ? await this.read(this.rows(filter, context).filter({ pk__in: missing }), filter, missing.length)
        : [];
    const none = filter.nullable ? [{ value: '', label: NONE_LABEL }] : [];
    return {
      choices: [...named, ...found.slice(0, MAX_CHOICES), ...none],
      more: found.length > MAX_CHOICES,
      closed: !open,
    };
  }

  private async found(filter: FilterDescriptor, find: string, context: AdminContext): Promise<readonly FilterChoice[]> {
    const key = `${context.user.id} ${filter.target!.key} ${find}`;
    const known = this.kept.get(key);
    if (known) return known;
    const rows = this.search(this.rows(filter, context), filter, find);
    const choices = await this.read(rows, filter, MAX_CHOICES + 1);
    this.kept.set(key, choices);
    return choices;
  }

  /** The related rows that exist for the user; no others are named, whatever the address says. */
  private rows({ target }: FilterDescriptor, context: AdminContext): QuerySet {
    const { target: entity, database } = target!;
    const admin = this.site.find(entity);
    if (admin) return this.access.rows(admin, context);
    return this.permissions.scope(context.user, entity, this.databases.get(database).objects(entity)).untyped();
  }

  private search(rows: QuerySet, { target }: FilterDescriptor, find: string): QuerySet {
    if (find.trim() === '') return rows;
    const declared = this.site.find(target!.target)?.search ?? [];
    const text = this.textPath(target!.target);
    if (declared.length > 0) return applySearch(rows, declared, find);
    return text ? rows.filter({ [`${text}__icontains`]: find.trim() }) : rows.none();
  }

  private async read(rows: QuerySet, { target }: FilterDescriptor, limit: number): Promise<readonly FilterChoice[]> {
    const text = this.textPath(target!.target);
    const key = target!.primaryKey[0]!;
    if (text === undefined) {
      const found = await rows.slice(0, limit).all();
      return found.map((row) => ({ value: String((row as Record<string, unknown>)[key]), label: target!.text(row) }));
    }
    const found = await rows.orderBy(text, key).values(key, text).slice(0, limit).all();
    return (found as Record<string, unknown>[]).map((row) => ({
      value: String(row[key]),
      label: String(row[text] ?? row[key]),
    }));
  }

  private textPath(entity: AnyClass): string | undefined {
    const { descriptions } = this.databases.default;
    return textPath(descriptions.of(entity), (target) =>
      descriptions.has(target) ? descriptions.of(target) : undefined,
    );
  }
}

/** The relation filter whose choices are read: the one that the visitor opened, or the first. */
function openFilter({ filters }: AdminDescriptor, { open }: ListState): string | undefined {
  const relations = filters.filter(({ kind }) => kind === 'relation').map(({ name }) => name);
  return open !== null && relations.includes(open) ? open : relations[0];
}

function offered(choices: readonly FilterChoice[]): OfferedChoices {
  return { choices, more: false, closed: false };
}

function fixedChoices({ kind, field, nullable }: FilterDescriptor): readonly FilterChoice[] {
  const none = (label: string) => (nullable ? [{ value: '', label }] : []);
  if (kind === 'boolean') return [{ value: '1', label: 'Yes' }, { value: '0', label: 'No' }, ...none('Unknown')];
  if (kind === 'empty')
    return [
      { value: '1', label: 'Empty' },
      { value: '0', label: 'Not empty' },
    ];
  if (kind === 'choices')
    return [...field!.choices!.map(({ value, label }) => ({ value: String(value), label })), ...none(NONE_LABEL)];
  if (kind !== 'date') return [];
  const dates = DATE_CHOICES.map(([value, label]) => ({ value, label }));
  return nullable ? [...dates, { value: 'none', label: 'No date' }, { value: 'some', label: 'Has date' }] : dates;
}
