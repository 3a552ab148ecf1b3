import { Inject, Injectable } from '@nestjs/common';

import { Databases } from '../../connection/databases.js';
import { migrationKey, type MigrationFile } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { columnsOfEntity } from '../history/historical-columns.js';
import { HistoricalEntities } from '../history/historical-entities.js';
import { type HistoricalRow } from '../history/historical-entity.js';
import { Ledger } from '../run/ledger.js';
import { Migrator } from '../run/migrator.js';
import { MigrationSession } from '../run/session.js';
import { tableOfEntity, tableOfPairs, type EntityState } from '../state/entity-state.js';
import { isJunction } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { tableShapes } from './table-shapes.js';
import { valuesLost } from './values-lost.js';

/** Where a history is rehearsed. */
export interface RehearsedApp {
  readonly app: string;
  /** Alias of its database. */
  readonly database: string;
}

/** Looks at a database between its migrations, for those who test them. */
@Injectable()
export class MigrationRehearsal {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(Migrator) private readonly migrator: Migrator,
  ) {}

  /** The migrations of an app in their order. */
  async files({ app, database }: RehearsedApp): Promise<readonly MigrationFile[]> {
    return (await this.graph(database)).ofApp(app);
  }

  /** Works with the entities as the applied migrations left them. */
  entities<R>(place: RehearsedApp, work: (entities: HistoricalEntities) => Promise<R>): Promise<R> {
    return this.within(place, (session, state) => session.transaction(() => work(entitiesOf(session, state, place))));
  }

  /** A line for each part of each table. */
  shapes({ database }: RehearsedApp): Promise<readonly string[]> {
    return MigrationSession.use(this.databases.get(database), tableShapes);
  }

  /** What a migration does not keep for the way back. The ones before it must be applied, and it must not. */
  lost(place: RehearsedApp, file: MigrationFile): Promise<ReadonlySet<string>> {
    return this.within(place, async (session, state) => valuesLost(file, state, session));
  }

  /** The rows of the app's tables as text, without tables and columns that are left out (`table`, `table.column`). */
  rows(place: RehearsedApp, without: ReadonlySet<string> = new Set()): Promise<readonly string[]> {
    return this.within(place, async (session, state) => {
      const lines: string[] = [];
      for (const entity of session.local.of(state).ofApp(place.app))
        if (entity.managed !== false) lines.push(...(await rowsOf(entity, { session, state, place, without })));
      return lines;
    });
  }

  private within<R>(
    { database }: RehearsedApp,
    work: (session: MigrationSession, state: ProjectState) => Promise<R>,
  ): Promise<R> {
    return MigrationSession.use(this.databases.get(database), async (session) => {
      const entries = await new Ledger(session).read();
      const graph = await this.graph(database);
      return work(
        session,
        graph.stateOf((file) => entries.get(migrationKey(file))?.status === 'applied'),
      );
    });
  }

  private async graph(database: string): Promise<MigrationGraph> {
    return (await this.migrator.graph(this.databases.get(database))).merged;
  }
}

interface ReadRows {
  readonly session: MigrationSession;
  readonly state: ProjectState;
  readonly place: RehearsedApp;
  readonly without: ReadonlySet<string>;
}

function entitiesOf(session: MigrationSession, state: ProjectState, { app }: RehearsedApp): HistoricalEntities {
  return new HistoricalEntities(state, app, { dialect: session.dialect, db: session });
}

async function rowsOf(entity: EntityState, { session, state, place, without }: ReadRows): Promise<readonly string[]> {
  const entities = entitiesOf(session, state, place);
  const lines: string[] = [];
  const table = tableOfEntity(entity);
  if (!without.has(table)) {
    const left = columnsOfEntity(state, entity).filter(({ name }) => !without.has(`${table}.${name}`));
    const paths = left.map(({ path }) => path);
    lines.push(...(await entities.get(entity.name).rows()).map((row) => lineOf(entity.name, row, paths)));
  }
  for (const [path, field] of Object.entries(entity.fields)) {
    if (!isJunction(field) || without.has(tableOfPairs(entity, field))) continue;
    const pairs = await entities.pairs(entity.name, path).rows();
    lines.push(...pairs.map((row) => lineOf(`${entity.name}.${path}`, row, Object.keys(row))));
  }
  return lines;
}

function lineOf(name: string, row: HistoricalRow, paths: readonly string[]): string {
  return `${name} ${JSON.stringify(Object.fromEntries(paths.map((path) => [path, row[path]])))}`;
}
