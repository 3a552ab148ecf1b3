import { Injectable } from '@nestjs/common';

import { Permissions } from '#auth';
import { Clock, type AnyClass } from '#core';
import { applySearch, Databases, isUnknown, QuerySet, resolvePath, textPath, type EntityDescription } from '#orm';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor, type FilterDescriptor } from '../site/admin-descriptor.js';
import { type FilterChoice } from '../site/admin-options.js';
import { AdminSite } from '../site/admin-site.js';
import { ShortMemory } from '../site/short-memory.js';
import { DATE_CHOICES } from './date-ranges.js';
import { type ListState } from './list-state.js';

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

/** Kinds of values that can be read as text. */
const TEXTUAL: ReadonlySet<string> = new Set(['string', 'text', 'enum', 'integer', 'bigint', 'uuid']);

const ALPHABET = new Intl.Collator('en', { numeric: true });

/** Related rows that have to be read: those that a filter offers, or the ones that are selected. */
interface Reading {
  readonly filter: FilterDescriptor;
  readonly rows: QuerySet;
  readonly limit: number;
}

/** What a relation filter needs to have read; null for what it does not need or what is known already. */
interface RelationReadings {
  /** Under what the offered rows are remembered; null where the filter is closed. */
  readonly key: string | null;
  readonly known: readonly FilterChoice[];
  readonly found: Reading | null;
  readonly named: Reading | null;
}

/**
 * Finds what filters offer. Only relation filters ask the database, all of them by one statement, and only one of them
 * per page offers its rows, so that the number of statements does not grow with the number of filters.
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

  /** What each of the filters offers, in their order. */
  async of(
    filters: readonly FilterDescriptor[],
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
  ): Promise<readonly OfferedChoices[]> {
    const relations = filters.filter(({ kind }) => kind === 'relation');
    const wanted = new Map(
      relations.map((filter) => [filter, this.wanted(filter, openFilter(descriptor, state), state, context)]),
    );
    const read = await this.read([...wanted.values()].flatMap(({ found, named }) => [found, named]));
    return Promise.all(
      filters.map(async (filter) => {
        const readings = wanted.get(filter);
        if (readings) return this.related(filter, readings, read);
        return offered(filter.kind === 'custom' ? await filter.custom!.choices(context) : fixedChoices(filter));
      }),
    );
  }

  private wanted(
    filter: FilterDescriptor,
    open: string | undefined,
    state: ListState,
    context: AdminContext,
  ): RelationReadings {
    const [find = ''] = state.filters.get(`${filter.name}__find`) ?? [];
    const key = find !== '' || filter.name === open ? `${context.user.id} ${filter.target!.key} ${find}` : null;
    const known = key === null ? undefined : this.kept.get(key);
    const missing = (state.filters.get(filter.name) ?? []).filter(
      (value) => value !== '' && !known?.some((choice) => choice.value === value),
    );
    const rows = this.rows(filter, context);
    return {
      key,
      known: known ?? [],
      found: key === null || known ? null : { filter, rows: this.search(rows, filter, find), limit: MAX_CHOICES + 1 },
      named: missing.length > 0 ? { filter, rows: rows.filter({ pk__in: missing }), limit: missing.length } : null,
    };
  }

  private related(
    { nullable }: FilterDescriptor,
    { key, known, found, named }: RelationReadings,
    read: ReadonlyMap<Reading, readonly FilterChoice[]>,
  ): OfferedChoices {
    if (key !== null && found) this.kept.set(key, read.get(found)!);
    const all = found ? read.get(found)! : known;
    const selected = (named && read.get(named)!) ?? [];
    const beyond = selected.filter(({ value }) => !all.some((choice) => choice.value === value));
    const none = nullable ? [{ value: '', label: NONE_LABEL }] : [];
    return {
      choices: [...beyond, ...all.slice(0, MAX_CHOICES), ...none],
      more: all.length > MAX_CHOICES,
      closed: key === null,
    };
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
    const text = this.textPath(target!);
    if (declared.length > 0) return applySearch(rows, declared, find);
    return text ? rows.filter({ [`${text}__icontains`]: find.trim() }) : rows.none();
  }

  /** All of it by one statement for each database; rows whose text is computed are loaded one query after another. */
  private async read(wanted: readonly (Reading | null)[]): Promise<ReadonlyMap<Reading, readonly FilterChoice[]>> {
    const readings = wanted.filter((reading) => reading !== null);
    const textual = readings.filter(({ filter }) => this.isTextual(filter.target!));
    const answers = new Map<Reading, readonly FilterChoice[]>();
    for (const database of new Set(textual.map(({ filter }) => filter.target!.database))) {
      const own = textual.filter(({ filter }) => filter.target!.database === database);
      const found = await QuerySet.textsEach(own.map((reading) => this.values(reading)));
      for (const [index, rows] of found.entries()) answers.set(own[index]!, choicesOf(rows));
    }
    for (const reading of readings) if (!answers.has(reading)) answers.set(reading, await this.load(reading));
    return answers;
  }

  private values({ filter: { target }, rows, limit }: Reading): QuerySet<object, object> {
    const [key, text] = [target!.primaryKey[0]!, this.textPath(target!)!];
    return rows.orderBy(text, key).values(key, text).slice(0, limit);
  }

  private async load({ filter: { target }, rows, limit }: Reading): Promise<readonly FilterChoice[]> {
    const key = target!.primaryKey[0]!;
    const found = await rows.slice(0, limit).all();
    return found.map((row) => ({ value: String((row as Record<string, unknown>)[key]), label: target!.text(row) }));
  }

  private isTextual(target: EntityDescription): boolean {
    const text = this.textPath(target);
    const found = text === undefined ? undefined : resolvePath(target, text, (entity) => this.describe(entity));
    const kinds = [
      target.field(target.primaryKey[0]!)?.kind,
      found && !isUnknown(found) ? found.field?.kind : undefined,
    ];
    return kinds.every((kind) => kind !== undefined && TEXTUAL.has(kind));
  }

  private textPath(target: EntityDescription): string | undefined {
    return textPath(target, (entity) => this.describe(entity));
  }

  private describe(entity: AnyClass): EntityDescription | undefined {
    const { descriptions } = this.databases.default;
    return descriptions.has(entity) ? descriptions.of(entity) : undefined;
  }
}

function choicesOf(rows: readonly object[]): readonly FilterChoice[] {
  return rows
    .map((row) => {
      const [key, text = key] = Object.values(row) as unknown[];
      return { value: String(key), label: String(text ?? key) };
    })
    .sort((left, right) => ALPHABET.compare(left.label, right.label));
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
