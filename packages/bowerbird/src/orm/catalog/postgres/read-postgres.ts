import {
  type Catalog,
  type CatalogSkipped,
  type CatalogSource,
  type CatalogTable,
  type CatalogView,
} from '../catalog.js';
import { byTable, type ByTable } from '../group-rows.js';
import { type CatalogScope } from '../read-catalog.js';
import { postgresColumn, type ColumnRow, type EnumRow } from './postgres-columns.js';
import { postgresIndex, type IndexRow } from './postgres-indexes.js';
import { postgresKeys, type ConstraintRow } from './postgres-keys.js';
import { sequenceOf, typeOf, type SequenceRow, type TypeRow } from './postgres-types.js';
import * as queries from './queries.js';

interface RelationRow {
  readonly table: string;
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f';
  readonly partition: boolean;
  readonly comment: string | null;
  readonly partitioned: string | null;
  readonly definition: string | null;
  readonly parents: string | null;
}

interface TriggerRow {
  readonly table: string;
  readonly name: string;
}

/** What belongs to each table. */
interface Parts {
  readonly schema: string;
  readonly columns: ByTable<ColumnRow>;
  readonly constraints: ByTable<ConstraintRow>;
  readonly indexes: ByTable<IndexRow>;
  readonly triggers: ByTable<TriggerRow>;
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

/** Reads one schema of a PostgreSQL database. */
export async function readPostgresCatalog(source: CatalogSource, { schema }: CatalogScope): Promise<Catalog> {
  const name = schema ?? (await source.query<{ schema: string | null }>(queries.CURRENT_SCHEMA))[0]?.schema ?? 'public';
  const rows = await source.query<RelationRow>(queries.RELATION_ROWS, [name]);
  const parts = await readParts(source, name);
  const types = await source.query<TypeRow>(queries.TYPE_ROWS, [name]);
  const sequences = await source.query<SequenceRow>(queries.SEQUENCE_ROWS, [name]);
  const tables = rows.filter((row) => (row.kind === 'r' || row.kind === 'p') && row.parents === null);
  return {
    dialect: 'postgres',
    schema: name,
    tables: tables.map((row) => tableOf(row, parts)),
    views: rows.filter(({ kind }) => kind === 'v' || kind === 'm').map((row) => viewOf(row, parts)),
    types: types.map(typeOf),
    sequences: sequences.map(sequenceOf),
    skipped: rows.flatMap(skippedOf),
  };
}

async function readParts(source: CatalogSource, schema: string): Promise<Parts> {
  const read = <R>(sql: string): Promise<R[]> => source.query<R>(sql, [schema]);
  const enums = await source.query<EnumRow>(queries.ENUM_ROWS);
  return {
    schema,
    columns: byTable(await read<ColumnRow>(queries.COLUMN_ROWS)),
    constraints: byTable(await read<ConstraintRow>(queries.CONSTRAINT_ROWS)),
    indexes: byTable(await read<IndexRow>(queries.INDEX_ROWS)),
    triggers: byTable(await read<TriggerRow>(queries.TRIGGER_ROWS)),
    enums: new Map(enums.map(({ type, values }) => [type, values])),
  };
}

function tableOf({ table, comment, partitioned }: RelationRow, parts: Parts): CatalogTable {
  const { exclusions, ...keys } = postgresKeys(parts.constraints(table), parts.schema);
  return {
    name: table,
    comment: comment ?? '',
    columns: parts.columns(table).map((row) => postgresColumn(row, parts.enums)),
    ...keys,
    indexes: parts.indexes(table).map(postgresIndex),
    triggers: parts.triggers(table).map(({ name }) => name),
    remarks: [...(partitioned === null ? [] : [`partitioned by ${partitioned}`]), ...exclusions],
  };
}

function viewOf({ table, kind, comment, definition }: RelationRow, parts: Parts): CatalogView {
  return {
    name: table,
    comment: comment ?? '',
    columns: parts.columns(table).map((row) => postgresColumn(row, parts.enums)),
    definition: (definition ?? '').replace(/;\s*$/, '').trim(),
    materialized: kind === 'm',
  };
}

function skippedOf({ table, kind, partition, parents }: RelationRow): CatalogSkipped[] {
  if (kind === 'f') return [{ name: table, reason: 'a foreign table' }];
  if (parents === null || kind === 'v' || kind === 'm') return [];
  return [{ name: table, reason: partition ? `a partition of ${parents}` : `inherits from ${parents}` }];
}
