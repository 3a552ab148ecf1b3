import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { median } from '../measure.js';
import { APPS, ENTITIES_PER_APP, VERSIONS } from '../migrations/project.js';
import { type Suite } from '../suite.js';

const ROUNDS = 5;

/** How long it takes to find out that no migration is missing, each time in a new process that has loaded its program. */
export const migrations: Suite = {
  name: 'migrations',
  title: `makemigrations --check on ${APPS * ENTITIES_PER_APP} entities of ${APPS} apps with ${APPS * VERSIONS} migrations`,
  async run() {
    const folder = mkdtempSync(fileURLToPath(new URL('../project-', import.meta.url)));
    try {
      const database = `sqlite:${join(folder, 'project.sqlite3')}`;
      script('prepare', folder, database);
      const rounds = Array.from({ length: ROUNDS }, () => JSON.parse(script('check', folder, database)) as Round);
      const [check, typeorm] = [
        median(rounds.map((each) => each.checkMs)),
        median(rounds.map((each) => each.typeormMs)),
      ];
      return [
        { what: 'makemigrations --check', value: `${check.toFixed(0)} ms`, note: 'after load; aim: at most 1,000 ms' },
        { what: "TypeORM's comparison with the tables", value: `${typeorm.toFixed(0)} ms`, note: 'on SQLite' },
        { what: 'ratio', value: (check / typeorm).toFixed(2) },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

interface Round {
  readonly checkMs: number;
  readonly typeormMs: number;
}

function script(name: string, folder: string, database: string): string {
  const file = fileURLToPath(new URL(`../migrations/${name}.js`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, `${folder}/`, database], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stderr}`);
  return stdout.trim().split('\n').at(-1)!;
}
