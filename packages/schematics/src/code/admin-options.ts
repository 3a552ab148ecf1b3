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
  const names = (holds: (property: EntityProperty) => boolean): readonly string[] =>
    properties.filter(holds).map(({ name }) => name);
  return optionsOf(
    names(({ decorator, args, type }) => decorator !== 'ManyToMany' && !LONG.test(args) && !/[<{]/.test(type)),
    names(({ decorator, args, type }) => decorator === 'Column' && type === 'string' && !UNSEARCHED.test(args)),
    names(({ decorator, args, type }) =>
      decorator !== 'Column' ? decorator !== 'OneToOne' : FILTERED.test(`${type} ${args}`),
    ),
  );
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
