import { type CatalogForeignKey, type CatalogTable } from '../../catalog/catalog.js';
import { wholeTarget } from '../../catalog/whole-names.js';
import { type Dialect, type OnDelete } from '../../describe/entity-description.js';
import { quoteText } from '../schema/literals.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import {
  type CheckSchema,
  type ForeignKeySchema,
  type IndexSchema,
  type TableSchema,
  type UniqueSchema,
} from '../schema/table-schema.js';
import { type Difference, type DifferenceSubject } from './difference.js';
import { plainSql } from './plain-text.js';

/** A named part of a table in words that can be compared. */
interface Part {
  readonly name: string;
  /** What it is, without its name, for comparing it. */
  readonly text: string;
  /** The same for people, where that is more than the text. */
  readonly shown?: string;
}

/** A key or a unique set, on either side. */
type ComparedSet = Pick<UniqueSchema, 'name' | 'columns' | 'deferrable'>;

/** Keys, indexes, foreign keys and checks of a table that are missing, unknown or different. */
export function compareParts(expected: TableSchema, found: CatalogTable, editor: SchemaEditor): readonly Difference[] {
  const { dialect } = editor;
  const compare = (
    subject: DifferenceSubject,
    wanted: readonly Part[],
    live: readonly Part[],
    named = dialect !== 'sqlite',
  ) => comparePart({ table: expected.name, subject, named }, wanted, live);
  const keys = { wanted: listed(expected.primaryKey), live: listed(found.primaryKey) };
  const [uniques, indexes] = indexParts(expected, dialect);
  return [
    ...compare('primary key', keys.wanted.map(columnsPart), keys.live.map(columnsPart), dialect === 'postgres'),
    ...compare('unique set', uniques, liveSets(found).map(columnsPart)),
    ...compare('index', indexes, liveIndexes(found, dialect), true),
    ...compare(
      'foreign key',
      expected.foreignKeys.map((key) => foreignKeyPart(key, dialect)),
      found.foreignKeys.map((key) => foreignKeyPart({ ...key, table: wholeTarget(key) }, dialect)),
    ),
    ...compare(
      'check',
      expected.checks.map((check) => valuesPart(check, dialect) ?? checkPart(check.name, editor.checkCondition(check))),
      found.checks.map(({ name, expression }) => checkPart(name, expression)),
    ),
    ...compare(
      'exclusion',
      (expected.exclusions ?? []).map(({ name, expression }) => checkPart(name, `EXCLUDE ${expression}`)),
      liveExclusions(found),
    ),
  ];
}

/** Pairs parts by name, then by what they are; `named` says whether an equal part under another name is a difference. */
function comparePart(
  { table, subject, named }: { readonly table: string; readonly subject: DifferenceSubject; readonly named: boolean },
  wanted: readonly Part[],
  live: readonly Part[],
): readonly Difference[] {
  const left = new Set(live);
  const about = (name: string) => ({ table, subject, name }) as const;
  const take = (match: (part: Part) => boolean): Part | undefined => {
    const found = [...left].find(match);
    if (found) left.delete(found);
    return found;
  };
  const exact = wanted.filter(
    ({ name, text }) => !take((part) => part.text === text && (part.name === name || !named)),
  );
  const differences = exact.map(({ name, text, shown = text }): Difference => {
    const same = take((part) => part.name === name);
    if (same)
      return {
        ...about(name),
        state: 'different',
        details: `is ${same.shown ?? same.text}, the migrations say ${shown}`,
      };
    const equal = take((part) => part.text === text);
    if (equal) return { ...about(name), state: 'different', details: `is named "${equal.name}"` };
    return { ...about(name), state: 'missing', details: '' };
  });
  return [
    ...differences,
    ...[...left].map(({ name, text }): Difference => ({ ...about(name || text), state: 'unknown', details: '' })),
  ];
}

function columnsPart({ name, columns, deferrable }: ComparedSet): Part {
  return { name, text: `${columns.join(', ')}${deferrable ? ` deferrable ${deferrable}` : ''}` };
}

/** On MySQL a plain unique index is the same as a unique set, and partial indexes are whole. */
function indexParts({ uniques, indexes }: TableSchema, dialect: Dialect): readonly [readonly Part[], readonly Part[]] {
  const isSet = ({ unique }: { readonly unique: boolean }) => dialect === 'mysql' && unique;
  return [
    [...uniques, ...indexes.filter(isSet)].map(columnsPart),
    indexes
      .filter((index) => !isSet(index))
      .map((index) => {
        const { name, unique, where } = index;
        const [columns, kind] = [partTexts(index, dialect), kindOf(index, dialect)];
        return {
          name,
          text: `${indexText(columns, unique, dialect === 'mysql' ? undefined : where)}${kind}`,
          shown: `${shownIndex(columns, unique, where)}${kind}`,
        };
      }),
  ];
}

function partTexts({ columns, expressions, descending = [] }: IndexSchema, dialect: Dialect): readonly string[] {
  if (!expressions) return columns.map((name) => directed(name, descending.includes(name), dialect));
  return expressions.map(({ sql, descending: falls = false }) => {
    const text = /^"(?:[^"]|"")*"$/.test(sql) ? plainSql(sql) : `(${plainSql(sql)})`;
    return directed(text, falls, dialect);
  });
}

/** MariaDB before 10.8 reads the word and forgets it. */
function directed(name: string, descending: boolean, dialect: Dialect): string {
  return descending && dialect !== 'mysql' ? `${name} desc` : name;
}

/** What the catalog says of an index that is more than columns. */
function kindOf(index: IndexSchema, dialect: Dialect): string {
  const { expressions, include, operators, using, fullText, descending } = index;
  if (fullText !== undefined) return ` by ${dialect === 'mysql' ? 'fulltext' : 'gin'}`;
  if (dialect === 'mysql' && descending) return '';
  const special = expressions ?? include ?? operators ?? using ?? descending;
  return special === undefined ? '' : ` by ${using ?? 'btree'}`;
}

/** PostgreSQL writes a list of values in one way only, so that nobody has to ask it. */
function valuesPart({ name, values }: CheckSchema, dialect: Dialect): Part | undefined {
  if (dialect !== 'postgres' || !values) return undefined;
  const list = values.allowed.map((value) => quoteText(dialect, String(value)));
  const column = values.column;
  const text = list.length === 1 ? `(${column})=${list[0]}` : `(${column})=any((array[${list.join(',')}]))`;
  return { name, text, shown: `${column} IN (${list.join(', ')})` };
}

/** The catalog tells of exclusion constraints in words. */
function liveExclusions({ remarks }: CatalogTable): readonly Part[] {
  return remarks.flatMap((remark) => {
    const [, name, text] = /^constraint (.+?): (EXCLUDE .*)$/s.exec(remark) ?? [];
    return name !== undefined && text !== undefined ? [checkPart(name, text)] : [];
  });
}

/** A unique index does what a unique set does, whoever made it. */
function liveSets({ uniques, indexes }: CatalogTable): CatalogTable['uniques'] {
  const alike = indexes.filter(isUniqueSet);
  return [...uniques, ...alike.map(({ name, parts }) => ({ name, columns: parts.map(({ column }) => column!) }))];
}

function isUniqueSet({ unique, plain, where }: CatalogTable['indexes'][number]): boolean {
  return unique && plain && where === undefined;
}

/** InnoDB makes an index for a foreign key that has none; it is named like the key. */
function liveIndexes({ indexes, foreignKeys }: CatalogTable, dialect: Dialect): readonly Part[] {
  return indexes
    .filter(
      (index) => !isUniqueSet(index) && !(dialect === 'mysql' && foreignKeys.some((key) => key.name === index.name)),
    )
    .map(({ name, parts, unique, where, plain, method }) => {
      const columns = parts.map(({ column, expression = '', descending = false }) =>
        directed(column ?? `(${plainSql(expression)})`, descending, dialect),
      );
      const isPlain = plain || (dialect === 'mysql' && method === 'btree' && parts.every(isWholeColumn));
      const kind = isPlain ? '' : ` by ${method}`;
      return {
        name,
        text: `${indexText(columns, unique, where)}${kind}`,
        shown: `${shownIndex(columns, unique, where)}${kind}`,
      };
    });
}

function isWholeColumn({ column, prefix }: CatalogTable['indexes'][number]['parts'][number]): boolean {
  return column !== undefined && prefix === undefined;
}

function shownIndex(columns: readonly string[], unique: boolean, where: string | undefined): string {
  return `${unique ? 'unique ' : ''}${columns.join(', ')}${where === undefined ? '' : ` where ${where}`}`;
}

function checkPart(name: string, condition: string): Part {
  return { name, text: plainSql(condition), shown: condition };
}

function indexText(columns: readonly string[], unique: boolean, where: string | undefined): string {
  return shownIndex(columns, unique, where === undefined ? undefined : plainSql(where));
}

function foreignKeyPart(key: ForeignKeySchema | CatalogForeignKey, dialect: Dialect): Part {
  const { name, columns, table, references, onDelete, onUpdate, deferrable } = key;
  const deferral = dialect === 'mysql' || !deferrable ? '' : ` deferrable ${deferrable}`;
  const rules = `on delete ${rule(onDelete, dialect)} on update ${rule(onUpdate ?? 'no-action', dialect)}`;
  return { name, text: `${columns.join(', ')} → ${table} (${references.join(', ')}) ${rules}${deferral}` };
}

/** InnoDB knows no difference between its three ways to refuse. */
function rule(action: OnDelete, dialect: Dialect): OnDelete {
  return dialect === 'mysql' && (action === 'protect' || action === 'set-default') ? 'no-action' : action;
}

function listed<T>(value: T | null): readonly T[] {
  return value ? [value] : [];
}
