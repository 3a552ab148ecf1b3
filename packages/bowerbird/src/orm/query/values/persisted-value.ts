import { type DataSource } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

type Driver = DataSource['driver'];
type Persist = Driver['preparePersistentValue'];

/** TypeORM's own conversion, kept on a driver whose conversion is guarded. */
const UNGUARDED = Symbol('bowerbird:unguarded conversion');

type GuardedDriver = Driver & { [UNGUARDED]?: Persist };

/** What TypeORM makes of the value of a property for its driver, unchecked; value transformers have their say. */
export function persistedValue(metadata: ColumnMetadata, value: unknown): unknown {
  const driver = metadata.entityMetadata.dataSource.driver as GuardedDriver;
  return (driver[UNGUARDED] ?? driver.preparePersistentValue).call(driver, value, metadata) as unknown;
}

/**
 * Lets a function decide what is stored of the values that repositories and query builders write; undefined leaves a
 * column to TypeORM. Every value that TypeORM binds to a column in an INSERT or UPDATE goes this way.
 */
export function guardPersistedValues(
  { driver }: DataSource,
  storeOf: (metadata: ColumnMetadata) => ((value: unknown) => unknown) | undefined,
): void {
  const persist = driver.preparePersistentValue.bind(driver);
  const guarded: Persist = (value: unknown, metadata) => {
    const store = value === undefined ? undefined : storeOf(metadata);
    return store ? store(value) : (persist(value, metadata) as unknown);
  };
  Object.assign(driver, { preparePersistentValue: guarded, [UNGUARDED]: persist });
}
