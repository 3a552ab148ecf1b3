import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { DriftFinder, Lower, TableIndex } from 'bowerbird/orm';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

/** Letters with indexes of all sorts; `later` turns one around, and renames a column of another. */
function letters(later = false): Class {
  const order = later ? 1 : -1;
  @Entity()
  @Index('letter_hash', ['sender'], { type: 'hash' })
  @Index('letter_brin', ['sent'], { type: 'brin' })
  @Index('letter_newest', (letter: Record<string, string>) => ({ [letter.sender!]: 1, [letter.sent!]: order }))
  @Index('letter_unread', ['sent'], { where: '"read" IS NULL' })
  @TableIndex<{ sent: Date; sender: string }>('letter_list', {
    fields: ['-sent', 'sender'],
    include: ['id'],
    operators: ['', 'text_pattern_ops'],
  })
  @TableIndex('letter_lower', { expressions: [Lower('sender')] })
  @TableIndex('letter_body', { fields: ['body'], using: 'gin' })
  class Letter {
    @PrimaryGeneratedColumn() id: number;
    @Column({ length: 80 }) sender: string;
    @Column('datetime', later ? { name: 'posted' } : {}) sent: Date;
    @Column('datetime', { nullable: true }) read: Date | null;
    @Column('json') body: object;
  }
  return Letter;
}

const NAMES = {
  sqlite: "SELECT name, sql AS text FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
  postgres: "SELECT indexname AS name, indexdef AS text FROM pg_indexes WHERE tablename = 'letter' ORDER BY 1",
  mysql: `SELECT index_name AS name, GROUP_CONCAT(column_name, ' ', collation ORDER BY seq_in_index) AS text
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'letter' GROUP BY index_name ORDER BY 1`,
} as const;

const FOUND = {
  sqlite: {
    letter_hash: '("sender")',
    letter_newest: '("sender", "sent" DESC)',
    letter_unread: `("sent") WHERE "read" IS NULL`,
    letter_list: '("sent" DESC, "sender")',
    letter_lower: '(bowerbird_lower("sender"))',
  },
  postgres: {
    letter_hash: 'USING hash (sender)',
    letter_brin: 'USING brin (sent)',
    letter_newest: 'USING btree (sender, sent DESC)',
    letter_unread: 'USING btree (sent) WHERE (read IS NULL)',
    letter_list: 'USING btree (sent DESC, sender text_pattern_ops) INCLUDE (id)',
    letter_lower: 'USING btree (lower((sender)::text))',
    letter_body: 'USING gin (body)',
  },
  mysql: {
    letter_hash: 'sender A',
    letter_newest: 'sender A,sent D',
    letter_unread: 'sent A',
    letter_list: 'sent D,sender A',
  },
} as const;

describe('indexes as they are declared', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('are made as the database can, and follow what changes', async () => {
      const project = new EvolvingProject(suite.url);
      const indexes = (): Promise<Record<string, string>> =>
        project.with([], async (app) => {
          expect((await app.get(DriftFinder).find()).differences).toEqual([]);
          const rows = await app.db.query<{ name: string; text: string }[]>(NAMES[suite.dialect]);
          return Object.fromEntries(
            rows
              .filter(({ name }) => name.startsWith('letter_') && !name.endsWith('pkey'))
              .map(({ name, text }) => [name, text]),
          );
        });
      const expected = (change = (text: string) => text): object =>
        Object.fromEntries(
          Object.entries(FOUND[suite.dialect]).map(([name, text]) => [
            name,
            expect.stringContaining(name === 'letter_lower' ? '' : change(text)),
          ]),
        );
      await project.evolve([letters()]);
      expect(await indexes()).toEqual(expected());
      await project.evolve([letters(true)]);
      const text = project.read(project.files[1]!);
      expect(text).toContain(
        "ops.removeIndex('Letter', { name: 'letter_newest', fields: ['sender', 'sent'], descending: ['sent'] })",
      );
      expect(text.match(/Index\(/g)).toHaveLength(2);
      const turned = { letter_newest: expect.not.stringMatching(/DESC| D$/) as unknown };
      expect(await indexes()).toEqual({ ...expected((old) => old.replaceAll('sent', 'posted')), ...turned });
      await project.with([letters(true)], async (app) => {
        expect((await project.make(app, { check: true })).text).toContain('No changes detected');
        await project.migrate(app, '0001');
      });
      expect(await indexes()).toEqual(expected());
    });
  });

  it('are refused where they say what no database does', async () => {
    @Entity()
    @Index('spatial', ['place'], { spatial: true })
    @Index('words', ['place'], { fulltext: true, parser: 'ngram' })
    @Index('sparse', ['place'], { sparse: true })
    @Index('once', ['place'], { unique: true, type: 'hash' })
    class Spot {
      @PrimaryGeneratedColumn() id: number;
      @Column() place: string;
    }
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Spot],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    await app.close();
    const found = findings.filter(({ id }) => id === 'orm.E054').map(({ message }) => message);
    expect(found.toSorted()).toEqual([
      'The constraint once of Spot cannot be read: no database has a unique index of the type hash',
      'The constraint sparse of Spot cannot be read: no database of the framework has the option sparse',
      'The constraint spatial of Spot cannot be read: spatial is an option of MySQL alone',
      'The constraint words of Spot cannot be read: no database of the framework has the option parser',
    ]);
  });
});
