import { type DatabaseFeature, type DatabaseProduct } from '../../describe/database-needs.js';
import { isAtLeast, type ServerInfo } from './server-info.js';

/** The first version that has a feature; a product that is missing has it in none. */
const SINCE: Readonly<Record<DatabaseFeature, Readonly<Partial<Record<DatabaseProduct, string>>>>> = {
  arrays: { postgres: '9' },
  checkConstraints: { sqlite: '3', postgres: '9', mysql: '8.0.16', mariadb: '10.2.1' },
  deferrableUniques: { postgres: '9' },
  exclusion: { postgres: '9' },
  expressionIndexes: { sqlite: '3.9', postgres: '9', mysql: '8.0.13' },
  fullText: { sqlite: '3.9', postgres: '9', mysql: '5.6', mariadb: '10.0.5' },
  generatedColumns: { sqlite: '3.31', postgres: '12', mysql: '5.7', mariadb: '10.2.1' },
  includeColumns: { postgres: '11' },
  jsonb: { postgres: '9.4' },
  lateralJoins: { postgres: '9.3', mysql: '8.0.14' },
  materializedViews: { postgres: '9.3' },
  nullsNotDistinct: { postgres: '15' },
  partialIndexes: { sqlite: '3.8', postgres: '9' },
  ranges: { postgres: '9.2' },
  recursiveQueries: { sqlite: '3.8.3', postgres: '9', mysql: '8.0.1', mariadb: '10.2.2' },
  returning: { sqlite: '3.35', postgres: '9', mariadb: '10.5' },
  rowLevelSecurity: { postgres: '9.5' },
  sequences: { postgres: '9', mariadb: '10.3' },
  skipLocked: { postgres: '9.5', mysql: '8.0.1', mariadb: '10.6' },
  transactionalDdl: { sqlite: '3', postgres: '9' },
  windowFunctions: { sqlite: '3.25', postgres: '9', mysql: '8.0.2', mariadb: '10.2' },
};

/** Whether a server has a feature. */
export function hasFeature({ product, version }: ServerInfo, feature: DatabaseFeature): boolean {
  const since = SINCE[feature][product];
  return since !== undefined && isAtLeast(version, since);
}

/** Where a feature is to be had: `postgres 15`. */
export function whereIs(feature: DatabaseFeature): string {
  return Object.entries(SINCE[feature])
    .map(([product, version]) => `${product} ${version}`)
    .join(', ');
}
