import { Inject, Injectable } from '@nestjs/common';

import { wholeTable } from '../../catalog/whole-names.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { type EntityDescription } from '../../describe/entity-description.js';
import { migrationKey, type MigrationFile } from '../files/migration-file.js';
import { PROGRESS_TABLE } from '../history/progress.js';
import { Ledger, LEDGER_TABLE } from '../run/ledger.js';
import { Migrator } from '../run/migrator.js';
import { MigrationSession } from '../run/session.js';
import { squashedHistory } from '../run/squashed-history.js';
import { wholeName } from '../schema/table-name.js';
import { tablesOf } from '../schema/tables-of.js';
import { type Difference } from './difference.js';
import { liveTables } from './live-tables.js';
import { tableDifferences } from './table-differences.js';

/** What was found in one database. */
export interface DriftReport {
  readonly differences: readonly Difference[];
  /** Tables that no migration knows: of apps without migrations, of other programs, or left over. */
  readonly unknownTables: readonly string[];
  /** Migrations that were broken off: their tables are between two states, so that nothing was compared. */
  readonly unfinished: readonly string[];
}

const OWN_TABLES: readonly string[] = [LEDGER_TABLE, PROGRESS_TABLE];

/** Compares what the applied migrations say with what is in a live database. */
@Injectable()
export class DriftFinder {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(Migrator) private readonly migrator: Migrator,
  ) {}

  /** In what a database is not what its applied migrations say. Nothing is changed. */
  async find(alias = 'default'): Promise<DriftReport> {
    const database = this.databases.get(alias);
    const graph = (await this.migrator.graph(database)).merged;
    return MigrationSession.use(database, async (session) => {
      const { entries } = squashedHistory(graph, await new Ledger(session).read());
      const unfinished = [...entries].flatMap(([key, { status }]) => (status === 'applied' ? [] : [key]));
      if (unfinished.length > 0) return { differences: [], unknownTables: [], unfinished };
      const isApplied = (file: MigrationFile) => entries.has(migrationKey(file));
      const state = session.local.of(graph.stateOf(isApplied));
      const tables = tablesOf(state, session.dialect);
      const live = tables.size > 0 ? await liveTables(session, tables) : { expected: tables, found: [] };
      const known = knownNames(graph.ordered.filter(isApplied), session);
      const copies = copiedTables(database);
      const found = await tableDifferences(session, live);
      const differences = found.filter(({ state, name }) => state !== 'unknown' || !known(name));
      const unknownTables = live.found
        .map(wholeTable)
        .filter((name) => !live.expected.has(name) && !OWN_TABLES.includes(name) && !copies.has(name));
      return { differences, unknownTables, unfinished };
    });
  }
}

/** Tables that are there without migrations, because a router says so. */
function copiedTables({ alias, placement, descriptions }: Database): ReadonlySet<string> {
  const copied = descriptions.all().filter(({ target }) => placement.placing(alias, target) === 'copy');
  const own = copied.map((entity): Place => entity);
  const pairs = copied.flatMap(({ relations }) =>
    relations.flatMap(({ junction }): readonly Place[] => (junction ? [junction] : [])),
  );
  return new Set([...own, ...pairs].flatMap(({ table, schema }) => [wholeName(table), wholeName(table, schema)]));
}

type Place = Pick<EntityDescription, 'table' | 'schema'>;

/** What raw SQL of a migration names is known, though not in which form. */
function knownNames(files: readonly MigrationFile[], { dialect }: MigrationSession): (name: string) => boolean {
  const texts = files.flatMap(({ migration }) =>
    migration.operations.flatMap((operation) => operation.sqlTexts(dialect)),
  );
  return (name) => texts.some((text) => text.includes(name));
}
