import { createHash } from 'node:crypto';

import { Databases, type Migrator } from '#orm';

import { type SchemaMode } from './test-database.js';

/** What a database must be made from to be the right one: the entities, and the migrations where those make it. */
export async function schemaFingerprint(mode: SchemaMode, migrator: Migrator, databases: Databases): Promise<string> {
  const entities = databases.descriptions.all();
  const migrations = mode === 'migrate' ? (await migrator.graph()).ordered : [];
  const text = JSON.stringify([mode, entities, migrations], textOf);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** Functions and classes by their text, which changes with what they do. */
function textOf(_key: string, value: unknown): unknown {
  if (typeof value === 'function') return String(value);
  if (typeof value === 'bigint') return String(value);
  return value instanceof RegExp ? value.source : value;
}
