import { QueryFailedError } from 'typeorm';

import { type Descriptions } from '../describe/descriptions.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { type RefusedValue } from '../drivers/database-driver.js';

/** The table in which a statement failed, and the entities whose rows are there. */
export interface FailedTable {
  readonly table: string | undefined;
  readonly entities: readonly EntityDescription[];
}

/** The table that the database names, or else the statement. */
export function failedTable(told: RefusedValue, error: unknown, descriptions: Descriptions): FailedTable {
  const { table, schema } = told.table ? told : changedBy(error);
  return { table, entities: table ? descriptions.ofTable(table, schema) : [] };
}

/** A name in a statement. */
const NAME = '"(?:[^"]|"")+"|`(?:[^`]|``)+`|[^`"\\s.(]+';
const CHANGE = new RegExp(
  `^\\s*(?:insert\\s+(?:ignore\\s+|or\\s+\\w+\\s+)?into|update|delete\\s+from)\\s+(?:(${NAME})\\.)?(${NAME})`,
  'i',
);

function changedBy(error: unknown): Pick<RefusedValue, 'table' | 'schema'> {
  const [, schema, table] = CHANGE.exec(error instanceof QueryFailedError ? error.query : '') ?? [];
  return { table: bare(table), schema: bare(schema) };
}

function bare(name: string | undefined): string | undefined {
  const [mark = ''] = name ?? '';
  return mark === '"' || mark === '`' ? name!.slice(1, -1).replaceAll(mark + mark, mark) : name;
}
