import { type CatalogColumn, type CatalogTable } from '../../catalog/catalog.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type ColumnSchema, type TableSchema } from '../schema/table-schema.js';
import { type Difference } from './difference.js';
import { plainSql, plainType } from './plain-text.js';

/** The columns of a table that are missing, unknown or different. */
export function compareColumns(
  expected: TableSchema,
  found: CatalogTable,
  editor: SchemaEditor,
): readonly Difference[] {
  const table = expected.name;
  const key = expected.primaryKey?.columns ?? [];
  const wanted = expected.columns.flatMap((column): Difference[] => {
    const live = found.columns.find(({ name }) => name === column.name);
    const about = { table, subject: 'column', name: column.name } as const;
    if (!live) return [{ ...about, state: 'missing', details: '' }];
    const details = columnDetails(column, live, editor, key.includes(column.name));
    return details.length > 0 ? [{ ...about, state: 'different', details: details.join('; ') }] : [];
  });
  const extra = found.columns.filter(({ name }) => !expected.columns.some((column) => column.name === name));
  return [
    ...wanted,
    ...extra.map(({ name }): Difference => ({ table, subject: 'column', name, state: 'unknown', details: '' })),
  ];
}

function columnDetails(
  column: ColumnSchema,
  live: CatalogColumn,
  editor: SchemaEditor,
  key: boolean,
): readonly string[] {
  const { dialect } = editor;
  const texts = editor.columnTexts(column);
  const sameType = plainType(dialect, live.type.text) === plainType(dialect, texts.type);
  // MariaDB has no NOT NULL for computed columns.
  const nullable = (column.nullable || (dialect === 'mysql' && column.generated === 'expression')) && !key;
  return [
    ...(sameType ? [] : [says('type', live.type.text, texts.type)]),
    ...(live.nullable === nullable || (key && live.nullable)
      ? []
      : [says('it', emptiness(live.nullable), emptiness(nullable))]),
    ...generation(column, live),
    ...(sameSql(live.default, texts.default) ? [] : [says('default', live.default, texts.default)]),
    ...(sameSql(live.expression ?? null, texts.expression)
      ? []
      : [says('expression', live.expression ?? null, texts.expression)]),
    ...(dialect === 'sqlite' || live.comment === (column.comment ?? '')
      ? []
      : [says('comment', live.comment || null, column.comment ?? null)]),
  ];
}

/** A counter that asks a sequence has that as its default. */
function generation({ generated, virtual }: ColumnSchema, live: CatalogColumn): readonly string[] {
  const [counts, should] = [live.generated === 'increment', generated === 'increment'];
  if (counts !== should)
    return [says('it', counts ? 'counts' : 'does not count', should ? 'counts' : 'does not count')];
  const wanted = virtual ? 'virtual' : 'stored';
  const computed = generated === 'expression' && (live.generated === 'stored' || live.generated === 'virtual');
  return computed && live.generated !== wanted ? [says('it', `is ${live.generated}`, wanted)] : [];
}

function sameSql(live: string | null, wanted: string | null): boolean {
  if (live === null || wanted === null) return live === wanted || (live ?? '').startsWith('nextval(');
  return plainSql(live) === plainSql(wanted);
}

function emptiness(nullable: boolean): string {
  return nullable ? 'may be empty' : 'must have a value';
}

function says(what: string, live: string | null, wanted: string | null): string {
  const verb = what === 'it' ? what : `${what} is`;
  return `${verb} ${live ?? 'not there'}, the migrations say ${wanted ?? 'none'}`;
}
