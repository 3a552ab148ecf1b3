import { FrameworkError } from 'bowerbird/core';
import { type Database, type Dialect } from 'bowerbird/orm';

import { createDatabase, DIALECTS, type OrmTestApp } from '../../support/databases.js';
import { random, type Pick } from './query-fuzz.support.js';

/** Asks a database something that is drawn by lot. */
export type Question = (db: Database, pick: Pick) => Promise<unknown>;

/** An application on one of the databases. */
interface World {
  readonly dialect: Dialect;
  readonly app: OrmTestApp;
  drop(): Promise<void>;
}

/** The same rows in every database of the run, for questions that none may answer otherwise than the others. */
export class Worlds {
  private constructor(private readonly all: readonly World[]) {}

  static async open(boot: (url: string) => Promise<OrmTestApp>): Promise<Worlds> {
    const all: World[] = [];
    for (const dialect of DIALECTS) {
      const database = await createDatabase(dialect);
      all.push({ dialect, app: await boot(database.url), drop: () => database.drop() });
    }
    return new Worlds(all);
  }

  async close(): Promise<void> {
    for (const { app, drop } of this.all) {
      await app.close();
      await drop();
    }
  }

  /** The questions of so many rounds whose answers differ, with what was drawn. A refusal is an answer too. */
  async disagreements(seed: number, rounds: number, ask: Question): Promise<unknown[]> {
    const found: unknown[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const answers = new Map<Dialect, string>();
      let drawn: readonly string[] = [];
      for (const { dialect, app } of this.all) {
        const [pick, items] = lots(seed * 100_000 + round);
        answers.set(dialect, JSON.stringify(plain(await ask(app.db, pick).catch(codeOf))) ?? 'undefined');
        drawn = items.map(String);
      }
      if (new Set(answers.values()).size > 1) found.push({ drawn, answers: Object.fromEntries(answers) });
    }
    return found;
  }
}

/** What an error says to programs; errors of databases stay as they are. */
export function codeOf(error: unknown): string {
  return error instanceof FrameworkError ? error.code : String(error);
}

function lots(seed: number): readonly [Pick, readonly unknown[]] {
  const next = random(seed);
  const items: unknown[] = [];
  const pick: Pick = (list) => {
    const item = list[Math.floor(next() * list.length)]!;
    items.push(item);
    return item;
  };
  return [pick, items];
}

/** Floats have as many digits as all databases agree on. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
