import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Migrator } from 'bowerbird/orm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { NODE_FLAGS } from '../../support/node-flags.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const SCRIPT = fileURLToPath(new URL('./migrate-process.ts', import.meta.url));

/** A process that migrates, its output line by line. */
class MigrateProcess {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();
  errors = '';

  constructor(url: string, folder: URL, env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, SCRIPT, url, folder.href], {
      env: { ...process.env, ...env },
    });
    this.child.stdout!.on('data', (data: Buffer) => {
      this.lines.push(...data.toString().split('\n').filter(Boolean));
      for (const listener of this.listeners) listener();
    });
    this.child.stderr!.on('data', (data: Buffer) => (this.errors += data.toString()));
    this.child.on('close', () => {
      for (const listener of this.listeners) listener();
    });
  }

  async line(wanted: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.lines.includes(wanted)) resolve();
        else if (this.child.exitCode !== null) reject(new Error(`ended without "${wanted}": ${this.errors}`));
      };
      this.listeners.add(look);
      look();
    });
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  get signal(): string | null {
    return this.child.signalCode;
  }

  async end(): Promise<number> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode ?? -1;
  }
}

/** A migration that stops in its middle until it is let go. */
const SLOW = `
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Migration, ops } from 'bowerbird/orm';

const wait = async () => {
  console.log('middle');
  while (process.env.GO && !existsSync(process.env.GO)) await sleep(20);
};

export default new Migration({
  operations: [
    ops.createEntity('First', { table: 'first', fields: { id: ops.id(), name: ops.string() } }),
    ops.sql("INSERT INTO first (name) VALUES ('kept')", []),
    ops.code(wait, async () => {}),
    ops.addField('First', 'size', ops.integer(), { fill: 3 }),
    ops.createEntity('Second', { table: 'second', fields: { id: ops.id(), first: ops.manyToOne('First', { columns: { firstId: 'id' } }) } }),
  ],
});
`;

/** Ten rows, a hundred thousand rows when it stands five times. */
const DIGITS = `(${[...Array(10).keys()].map((digit) => `SELECT ${digit} AS d`).join(' UNION ALL ')})`;

/** Where a process kills itself, with what no program can catch. */
const KILL = `const killAt = (place) => { if (process.env.KILL === place) process.kill(process.pid, 'SIGKILL'); };`;

/** Several steps and several kinds of work on many rows, each of which must happen once. */
const LONG = {
  '0001_initial.ts': `
import { Migration, ops } from 'bowerbird/orm';
export default new Migration({
  operations: [
    ops.createEntity('Item', { table: 'item', fields: { id: ops.id(), hits: ops.integer() } }),
    ops.sql("INSERT INTO item (hits) SELECT 0 FROM ${['a', 'b', 'c', 'd', 'e'].map((name) => `${DIGITS} ${name}`).join(', ')}", []),
  ],
});
`,
  '0002_work.ts': `
import { Migration, ops } from 'bowerbird/orm';
${KILL}
export default new Migration({
  operations: [
    ops.addField('Item', 'size', ops.integer(), { fill: 3 }),
    ops.addIndex('Item', { fields: ['size'] }),
    ops.code(async (db) => {
      await db.query('UPDATE item SET hits = hits + 1 WHERE id <= 50000');
      killAt('work');
      await db.query('UPDATE item SET hits = hits + 1 WHERE id > 50000');
    }, async () => {}),
    ops.sql('UPDATE item SET hits = hits + 10', []),
  ],
});
`,
  '0003_batches.ts': `
import { Migration, ops } from 'bowerbird/orm';
${KILL}
export default new Migration({
  operations: [
    ops.data('Item', {
      where: {},
      batch: 25000,
      backward: null,
      forward: async (rows, { connection }) => {
        const [first, last] = [rows[0].id, rows.at(-1).id];
        await connection.query('UPDATE item SET hits = hits + 100 WHERE id BETWEEN ? AND ?', [first, last]);
        if (first > 50000) killAt('batch');
      },
    }),
    ops.alterField('Item', 'size', ops.bigint()),
    ops.createEntity('Second', { table: 'second', fields: { id: ops.id(), item: ops.manyToOne('Item', { columns: { itemId: 'id' } }) } }),
  ],
});
`,
};

describe('several processes', { timeout: 120_000 }, () => {
  eachDatabase((suite) => {
    const started: MigrateProcess[] = [];
    afterEach(async () => {
      for (const child of started.splice(0)) await child.kill();
      await wipe(suite.url);
    });

    const run = (...args: ConstructorParameters<typeof MigrateProcess>): MigrateProcess => {
      const child = new MigrateProcess(...args);
      started.push(child);
      return child;
    };
    const project = (): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      writeFileSync(new URL('0001_initial.ts', made.folder), SLOW);
      return made;
    };

    it('complete what others left that were killed in the middle of it, whatever they were doing', async () => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(LONG)) made.write(name, text);
      const between = run(suite.url, made.folder);
      await between.line('operation Add field size to Item');
      await between.kill();
      for (const KILL of ['work', 'batch']) {
        const killed = run(suite.url, made.folder, { KILL });
        expect([KILL, await killed.end(), killed.signal, killed.errors]).toEqual([KILL, -1, 'SIGKILL', '']);
        await made.with([], async (app) => {
          const statuses = (await app.get(Migrator).status()).map(({ status }) => status);
          const half = KILL === 'batch' || suite.dialect === 'mysql' ? 'broken-off' : 'pending';
          expect(statuses).toEqual(KILL === 'batch' ? ['applied', 'applied', half] : ['applied', half, 'pending']);
        });
      }
      const last = run(suite.url, made.folder);
      expect([await last.end(), last.errors]).toEqual([0, '']);
      expect(last.lines).not.toContain('waiting');
      await made.with([], async (app) => {
        const rows = await app.db.query<object[]>(
          'SELECT hits, size, COUNT(*) AS amount FROM item GROUP BY hits, size',
        );
        expect(rows).toHaveLength(1);
        expect(Object.values(rows[0]!).map(Number)).toEqual([111, 3, 100_000]);
        expect(await app.db.query('SELECT * FROM second')).toEqual([]);
        expect((await app.get(Migrator).status()).map(({ status }) => status)).toEqual([
          'applied',
          'applied',
          'applied',
        ]);
        expect(await app.get(Migrator).migrate()).toEqual([]);
        await made.migrate(app, 'zero', { force: true });
        await expect(app.db.query('SELECT * FROM item')).rejects.toThrow();
      });
    });

    it('migrate one after the other: when the first is killed one of those that wait completes its work', async () => {
      const { folder } = project();
      const first = run(suite.url, folder, { GO: '/nowhere' });
      await first.line('middle');
      const others = [run(suite.url, folder), run(suite.url, folder)];
      for (const other of others) await other.line('waiting');
      await first.kill();
      expect(await Promise.all(others.map((other) => other.end()))).toEqual([0, 0]);
      const [idle, busy] = others.toSorted((one, other) => one.lines.length - other.lines.length);
      expect(idle!.lines).toEqual(['waiting', 'hook', 'done 0']);
      expect(busy!.lines.at(-1)).toBe('done 1');
    });
  });
});
