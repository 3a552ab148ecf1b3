import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Migrator } from 'bowerbird/orm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const SCRIPT = fileURLToPath(new URL('./migrate-process.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));

/** A process that migrates, its output line by line. */
class MigrateProcess {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();
  errors = '';

  constructor(url: string, folder: URL, env: Record<string, string> = {}) {
    const flags = ['-C', 'bowerbird-source', '--import', '@swc-node/register/esm-register'];
    this.child = spawn(process.execPath, [...flags, SCRIPT, url, folder.href], {
      env: { ...process.env, SWC_NODE_PROJECT: TSCONFIG, ...env },
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

  async end(): Promise<number> {
    if (this.child.exitCode === null) await once(this.child, 'close');
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

    it('migrate one after the other: the second waits and finds nothing to do', async () => {
      const { folder } = project();
      const go = new URL('go', folder);
      const first = run(suite.url, folder, { GO: fileURLToPath(go) });
      await first.line('middle');
      const second = run(suite.url, folder);
      await second.line('waiting');
      writeFileSync(go, '');
      expect([await first.end(), await second.end()]).toEqual([0, 0]);
      expect(first.lines.at(-1)).toBe('done 1');
      expect(second.lines).toEqual(['waiting', 'hook', 'done 0']);
    });

    it('go on where a killed one stopped', async () => {
      const made = project();
      const killed = run(suite.url, made.folder, { GO: '/nowhere' });
      await killed.line('middle');
      await killed.kill();
      await made.with([], async (app) => {
        const [status] = await app.get(Migrator).status();
        expect(status!.status).toBe(suite.dialect === 'mysql' ? 'broken-off' : 'pending');
      });
      const next = run(suite.url, made.folder);
      expect([await next.end(), next.errors]).toEqual([0, '']);
      expect(next.lines).not.toContain('waiting');
      await made.with([], async (app) => {
        expect(await app.db.query('SELECT name, size FROM first')).toEqual([{ name: 'kept', size: 3 }]);
        expect(await app.db.query('SELECT * FROM second')).toEqual([]);
        expect(await app.get(Migrator).status()).toMatchObject([{ status: 'applied' }]);
        await made.migrate(app, 'zero');
        await expect(app.db.query('SELECT * FROM first')).rejects.toThrow();
      });
    });
  });
});
