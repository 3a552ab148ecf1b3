import { type DataSource } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type ColumnCipher } from './column-cipher.js';
import { encryptionOf } from './encrypted.decorator.js';
import { castOf, type ColumnCast } from './stored-as.decorator.js';

/** What of a data source builds the metadata of its entities; it does so again when it connects. */
interface MetadataBuilding {
  buildMetadatas(): Promise<void>;
}

/** Gives columns the casts that their decorators ask for, now and whenever metadata is built. */
export function installCasts(dataSource: DataSource, cipher: ColumnCipher): void {
  const building = dataSource as unknown as MetadataBuilding;
  const build = building.buildMetadatas.bind(dataSource);
  const apply = (): void => {
    for (const { columns } of dataSource.entityMetadatas) for (const column of columns) applyCast(column, cipher);
  };
  Object.assign(dataSource, {
    buildMetadatas: async () => {
      await build();
      apply();
    },
  });
  apply();
}

/** The text with which an encrypted column is authenticated. */
export function contextOf(column: ColumnMetadata): string {
  return encryptionOf(column)?.context ?? `${column.entityMetadata.tableName}.${column.databaseName}`;
}

function applyCast(column: ColumnMetadata, cipher: ColumnCipher): void {
  if (column.isVirtual) return;
  const cast = castOf(column);
  if (cast) column.transformer = transformerOf(cast);
  if (encryptionOf(column)) encrypt(column, cipher);
}

/** TypeORM casts a default that it reads back after an insert twice on SQLite and MySQL; what was cast stays as it is. */
function transformerOf({ toStored, fromStored }: ColumnCast<unknown>): NonNullable<ColumnMetadata['transformer']> {
  const made = new WeakSet<object>();
  const present = (work: (value: unknown) => unknown) => (value: unknown) =>
    value === null || value === undefined ? value : work(value);
  const from = (stored: unknown): unknown => {
    if (typeof stored === 'object' && stored && made.has(stored)) return stored;
    const value = fromStored(stored);
    if (typeof value === 'object' && value) made.add(value);
    return value;
  };
  return { to: present(toStored), from: present(from) };
}

/**
 * No text is stored the same way twice, so TypeORM, which compares stored forms, would find each row changed. When it
 * asks for that of the loaded row, the next value with the same text gets the same form; it was never stored.
 */
function encrypt(column: ColumnMetadata, cipher: ColumnCipher): void {
  const context = contextOf(column);
  const valueOf = column.getEntityValue.bind(column);
  let compared: { readonly text: string; readonly stored: string } | undefined;
  const toStored = (value: unknown): string => {
    if (typeof value !== 'string') throw new TypeError(`${context} is encrypted and takes text`);
    const known = compared;
    compared = undefined;
    return known?.text === value ? known.stored : cipher.encrypt(value, context);
  };
  column.transformer = transformerOf({ toStored, fromStored: (stored) => cipher.decrypt(String(stored), context) });
  column.getEntityValue = (entity, transform) => {
    const value: unknown = valueOf(entity);
    if (!transform || typeof value !== 'string') return value;
    compared = { text: value, stored: cipher.encrypt(value, context) };
    return compared.stored;
  };
}
