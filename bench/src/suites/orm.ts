import { type Dialect } from 'bowerbird/orm';

import { fillShelf, type FilledShelf } from '../orm/bench-database.js';
import { compare, type Contest } from '../orm/compare.js';
import { iterate } from '../orm/iterating.js';
import { readingContests } from '../orm/reading.js';
import { writingContests } from '../orm/writing.js';
import { type Row, type Suite } from '../suite.js';

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres', 'mysql'];

/** Entities against the rows of the database's own library, and against TypeORM. */
export const orm: Suite = {
  name: 'orm',
  title: 'Rows as entities against the row objects of better-sqlite3, pg and mysql2 (medians in milliseconds)',
  async run() {
    const rows: Row[] = [];
    for (const dialect of DIALECTS) {
      const shelf = await fillShelf(dialect);
      if (shelf) rows.push(...(await measure(shelf)));
      else rows.push({ what: dialect, value: 'not run', note: `set BOWERBIRD_TEST_${dialect.toUpperCase()}_URL` });
    }
    return rows;
  },
};

async function measure(shelf: FilledShelf): Promise<readonly Row[]> {
  const rows: Row[] = [];
  try {
    for (const contest of [...readingContests(shelf), ...writingContests(shelf)])
      rows.push(row(shelf.dialect, contest, await compare(shelf, contest)));
    return [...rows, ...(await iterate(shelf))];
  } finally {
    await shelf.close();
  }
}

function row(dialect: Dialect, { what, aim }: Contest, medians: Readonly<Record<string, number>>): Row {
  const [[base, least], ...others] = Object.entries(medians) as [[string, number], ...[string, number][]];
  const ratio = (value: number): string => (value / least).toFixed(2);
  const notes = others.map(([name, value]) => `${name} ${value.toFixed(3)} (${ratio(value)})`);
  return {
    what: `${dialect}: ${what}`,
    value: ratio(others[0]![1]),
    note: `${aim ? `aim: at most ${aim.toFixed(2)} · ` : ''}${base} ${least.toFixed(3)} · ${notes.join(' · ')}`,
  };
}
