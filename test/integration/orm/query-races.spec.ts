import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { NODE_FLAGS } from '../../support/node-flags.js';
import { race, RACERS, ROUNDS, Tally } from './race.world.js';

const SCRIPT = fileURLToPath(new URL('./race-process.ts', import.meta.url));

/** A process that waits for the start and then writes. */
class Racer {
  private output = '';
  private errors = '';
  private readonly child: ChildProcess;

  constructor(url: string) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, SCRIPT, url]);
    this.child.stdout!.on('data', (data: Buffer) => (this.output += data.toString()));
    this.child.stderr!.on('data', (data: Buffer) => (this.errors += data.toString()));
  }

  async ready(): Promise<void> {
    await expect.poll(() => this.output + this.errors, { timeout: 30_000 }).toContain('ready');
  }

  start(): void {
    this.child.stdin!.write('go\n');
  }

  /** How many rows it made by `getOrCreate`. */
  async made(): Promise<number> {
    const code = await new Promise((resolve) => this.child.once('close', resolve));
    if (code !== 0) throw new Error(this.errors);
    return Number(/made (\d+)/.exec(this.output)![1]);
  }
}

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: RACERS });
  });
  afterAll(() => app?.close());

  it('keeps one row of each that two processes make at once, and every change of a row that they share', async () => {
    await app.db.objects(Tally).create({ word: 'shared' });
    const other = new Racer(database.url);
    await other.ready();
    const finished = other.made();
    other.start();
    const made = (await race(app.db, 'own')) + (await finished);
    const rows = app.db.objects(Tally);
    expect(made).toBe(ROUNDS);
    expect(await rows.filter({ word__startswith: 'once' }).count()).toBe(ROUNDS);
    expect((await rows.get({ word: 'shared' })).count).toBe(2 * ROUNDS);
    expect(await rows.filter({ word__startswith: 'bulk' }).count()).toBe(2 * ROUNDS);
    expect(await rows.filter({ word__startswith: 'kept' }).count()).toBe(ROUNDS);
    expect((await rows.get({ word: `bulk x${ROUNDS - 1}` })).count).toBe(ROUNDS - 1);
  }, 60_000);
});
