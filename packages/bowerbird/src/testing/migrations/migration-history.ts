import {
  IrreversibleError,
  MigrationRehearsal,
  Migrator,
  type HistoricalEntities,
  type HistoricalRow,
  type MigrationFile,
  type RehearsedApp,
  type RowsOptions,
} from '#orm';

import { type TestApp } from '../test-app.js';
import { MigrationRoundTripError } from './migrations.errors.js';

/** Puts rows in, with the entities as they are at that point. */
export type RowsAtPoint = (entities: HistoricalEntities) => Promise<void>;

/** What {@link MigrationHistory.roundTrip} is told of the migrations. */
export interface RoundTripOptions {
  /** Rows that are put in behind a migration, by its name; they stay while the later ones are tried. */
  readonly rows?: Readonly<Record<string, RowsAtPoint>>;
  /** Migrations that change values for good, as everybody knows: only their tables are compared. */
  readonly lossy?: readonly string[];
  /** Migrations that cannot be taken back, as everybody knows. */
  readonly irreversible?: readonly string[];
}

/** Differences that an error lists. */
const LISTED = 6;

/** The migrations of one app in a test: to any point, with rows, forth and back. */
export class MigrationHistory {
  private readonly rehearsal: MigrationRehearsal;
  private readonly migrator: Migrator;

  constructor(
    app: TestApp,
    private readonly place: RehearsedApp,
  ) {
    this.rehearsal = app.get(MigrationRehearsal);
    this.migrator = app.get(Migrator);
  }

  /** Goes forward or back to a migration, by its name, the beginning of it or its number; `zero` is before the first. */
  async migrate(name: string): Promise<void> {
    await this.migrator.migrate({ ...this.place, name, force: true });
  }

  /** Works with the entities as they are at this point, in a transaction. */
  entities<R>(work: (entities: HistoricalEntities) => Promise<R>): Promise<R> {
    return this.rehearsal.entities(this.place, work);
  }

  /** Puts rows in at this point. */
  insert(entity: string, rows: readonly HistoricalRow[]): Promise<void> {
    return this.entities((entities) => entities.get(entity).insert(rows));
  }

  /** The rows of an entity at this point, in the order of the key. */
  rows(entity: string, options?: RowsOptions): Promise<HistoricalRow[]> {
    return this.entities((entities) => entities.get(entity).rows(options));
  }

  /**
   * Runs every migration from before the first: forth, back and forth again. The tables must be the same each time, and
   * rows that were there must come back as they were, except in what the migration drops.
   * @throws MigrationRoundTripError, IrreversibleError
   */
  async roundTrip(options: RoundTripOptions = {}): Promise<void> {
    const files = await this.rehearsal.files(this.place);
    requireKnown(files, options);
    await this.migrate('zero');
    const zero = await this.rehearsal.shapes(this.place);
    for (const [index, file] of files.entries()) {
      await this.tryOne(file, files[index - 1]?.name ?? 'zero', options);
      const rows = options.rows?.[file.name];
      if (rows) await this.entities(rows);
    }
    if (options.irreversible?.length) return;
    await this.migrate('zero');
    requireSame('zero, on the way back from the last migration', zero, await this.rehearsal.shapes(this.place));
  }

  private async tryOne(file: MigrationFile, before: string, options: RoundTripOptions): Promise<void> {
    const lost = await this.lostBy(file, options);
    const [shapes, rows] = [await this.rehearsal.shapes(this.place), await this.rowsWithout(lost)];
    await this.migrate(file.name);
    const after = await this.rehearsal.shapes(this.place);
    if (!(await this.goesBack(file, before, options))) return;
    requireSame(`${file.name} taken back`, shapes, await this.rehearsal.shapes(this.place));
    requireSame(`${file.name} taken back`, rows, await this.rowsWithout(lost));
    await this.migrate(file.name);
    requireSame(`${file.name} applied again`, after, await this.rehearsal.shapes(this.place));
  }

  /** Undefined where values change for good. */
  private async lostBy(
    file: MigrationFile,
    { lossy = [] }: RoundTripOptions,
  ): Promise<ReadonlySet<string> | undefined> {
    return lossy.includes(file.name) ? undefined : this.rehearsal.lost(this.place, file);
  }

  private async rowsWithout(lost: ReadonlySet<string> | undefined): Promise<readonly string[]> {
    return lost === undefined ? [] : this.rehearsal.rows(this.place, lost);
  }

  private async goesBack(
    file: MigrationFile,
    before: string,
    { irreversible = [] }: RoundTripOptions,
  ): Promise<boolean> {
    const known = irreversible.includes(file.name);
    try {
      await this.migrate(before);
    } catch (error) {
      if (known && error instanceof IrreversibleError) return false;
      throw error;
    }
    if (!known) return true;
    throw new MigrationRoundTripError(`${file.name} can be taken back`, { hint: 'Take it out of `irreversible`' });
  }
}

/** The history of an app in the database of a test application. `schema: 'none'` of the application leaves it empty. */
export function migrationHistory(
  app: TestApp,
  name: string,
  { database = 'default' }: { readonly database?: string } = {},
): MigrationHistory {
  return new MigrationHistory(app, { app: name, database });
}

/** A name that no migration has would be passed over in silence. */
function requireKnown(
  files: readonly MigrationFile[],
  { rows = {}, lossy = [], irreversible = [] }: RoundTripOptions,
): void {
  const names = files.map(({ name }) => name);
  const unknown = [...Object.keys(rows), ...lossy, ...irreversible].find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new MigrationRoundTripError(`There is no migration "${unknown}"`, { hint: `Known: ${names.join(', ')}` });
}

function requireSame(when: string, before: readonly string[], after: readonly string[]): void {
  const missing = without(before, after).map((line) => `- ${line}`);
  const added = without(after, before).map((line) => `+ ${line}`);
  const all = [...missing, ...added];
  if (all.length === 0) return;
  const more = all.length > LISTED ? `\n  and ${all.length - LISTED} more` : '';
  throw new MigrationRoundTripError(
    `Not as before: ${when}\n${all
      .slice(0, LISTED)
      .map((line) => `  ${line}`)
      .join('\n')}${more}`,
    { hint: 'Give its SQL or code a way back, or name it: `lossy` where values change for good' },
  );
}

/** Lines of one list that the other has not, or less often. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const times = left.get(line) ?? 0;
    left.set(line, times - 1);
    return times <= 0;
  });
}
