import { type EntityProperty } from '../entity/entity-fields.js';
import { type FieldSpec } from '../entity/field-spec.js';

/** What the admin shows of fields, by the option that says so. */
export type AdminOptions = readonly (readonly [name: string, paths: readonly string[]])[];

/** Columns of a list beyond which a page gets crowded. */
const COLUMNS = 6;

/** What columns say that are too long for a list. */
const LONG = /'text'|json/;
/** Texts that hold no words. */
const UNSEARCHED = /'(text|decimal|bigint|date|time|uuid)'|json/;
/** Columns with few values. */
const FILTERED = /^boolean|^Date\b|'date'|enum/;

/** The options of `@Admin` that suit fields. */
export function adminOptions(fields: readonly FieldSpec[]): AdminOptions {
  return optionsOf(
    namesWhere(fields, isListed),
    namesWhere(fields, (field) => field.is === 'value' && field.kind.admin.search),
    namesWhere(fields, isFiltered),
  );
}

/** The options of `@AdminFor` that suit an entity which is there already. */
export function adminOptionsOf(properties: readonly EntityProperty[]): AdminOptions {
  return optionsOf(
    where(properties, (property) => property.decorator !== 'ManyToMany' && isShort(property)),
    where(properties, isSearched),
    where(properties, isNarrowing),
  );
}

/** What lists of an API can be asked for, by the option that says so. */
export function listOptionsOf(properties: readonly EntityProperty[]): AdminOptions {
  const options: AdminOptions = [
    ['filters', where(properties, isNarrowing)],
    ['search', where(properties, isSearched)],
    ['ordering', where(properties, (property) => property.decorator === 'Column' && isShort(property))],
  ];
  return options.filter(([, paths]) => paths.length > 0);
}

function isShort({ args, type, isFile }: EntityProperty): boolean {
  return !isFile && !LONG.test(args) && !/[<{]/.test(type.replace(/^Relation</, ''));
}

function isSearched({ decorator, type, args, isFile }: EntityProperty): boolean {
  return decorator === 'Column' && type === 'string' && !isFile && !UNSEARCHED.test(args);
}

function isNarrowing({ decorator, type, args }: EntityProperty): boolean {
  return decorator === 'Column' ? FILTERED.test(`${type} ${args}`) : decorator !== 'OneToOne';
}

function where(properties: readonly EntityProperty[], holds: (property: EntityProperty) => boolean): readonly string[] {
  return properties.filter(holds).map(({ name }) => name);
}

/** Options without a path are left out. */
function optionsOf(list: readonly string[], search: readonly string[], filters: readonly string[]): AdminOptions {
  const listed = list.slice(0, COLUMNS);
  const options: AdminOptions = [
    ['list', listed.length > 0 ? listed : ['id']],
    ['search', search],
    ['filters', filters],
  ];
  return options.filter(([, paths]) => paths.length > 0);
}

function isListed(field: FieldSpec): boolean {
  if (field.is === 'value') return field.kind.admin.list;
  return field.is === 'choice' || field.relation !== 'many';
}

function isFiltered(field: FieldSpec): boolean {
  return field.is === 'value' ? field.kind.admin.filter : field.is === 'choice' || field.relation !== 'one';
}

function namesWhere(fields: readonly FieldSpec[], holds: (field: FieldSpec) => boolean): readonly string[] {
  return fields.filter(holds).map(({ name }) => name);
}
