import { CoreModule, QUERY_LOG, runWith, SecretKeys, SignalHub, type QueryRecord } from 'bowerbird/core';
import { Meta, order, PositionColumn, postBulkUpdate, QueryUsageError, RowOrderError } from 'bowerbird/orm';
import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  VersionColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { inScope } from './model.world.js';

@Entity()
class Question {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) text: string;
  @OneToMany(() => Answer, (answer) => answer.question, { cascade: true }) answers: Relation<Answer>[];
}

@Entity()
class Answer {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) text: string;
  @ManyToOne(() => Question, (question) => question.answers, { onDelete: 'CASCADE' })
  question: Relation<Question> | null;
  @PositionColumn({ within: 'question' }) position: number;
  @VersionColumn() version: number;
}

/** One order of all rows. */
@Entity()
class Banner {
  @PrimaryColumn({ length: 10 }) name: string;
  @PositionColumn() place: number;
}

@Entity()
class Board {
  @PrimaryColumn() team: number;
  @PrimaryColumn({ length: 10 }) name: string;
}

/** A parent with a key of two columns, and a lane of it. */
@Entity()
@Meta({ ordering: ['-title'] })
class Card {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 20 }) title: string;
  @Column({ length: 10, default: 'open' }) lane: string;
  @ManyToOne(() => Board, { nullable: false })
  @JoinColumn([
    { name: 'team', referencedColumnName: 'team' },
    { name: 'board', referencedColumnName: 'name' },
  ])
  board: Relation<Board>;
  @PositionColumn({ within: ['board', 'lane'] }) position: number;
}

eachDatabase((database) => {
  let app: OrmTestApp;
  let first: Question;
  let second: Question;
  beforeAll(async () => {
    app = await openOrm({
      database: database.url,
      entities: [Question, Answer, Banner, Board, Card],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
    });
  });
  beforeEach(async () => {
    for (const entity of [Answer, Question, Banner, Card, Board]) await app.db.objects<object>(entity).delete();
    [first, second] = (await app.db.objects(Question).bulkCreate([{ text: 'one' }, { text: 'two' }])) as [
      Question,
      Question,
    ];
  });
  afterAll(() => app?.close());

  const answers = () => app.db.objects(Answer);

  async function placed(question: Question | null = first): Promise<readonly string[]> {
    const found = question ? answers().filter({ question }) : answers().filter({ question__isnull: true });
    return (await found.all()).map(({ text, position }) => `${text}${position}`);
  }

  function answer(text: string, question: Question | null = first): Answer {
    return Object.assign(new Answer(), { text, question });
  }

  async function statements(work: () => Promise<unknown>): Promise<number> {
    const log: QueryRecord[] = [];
    await runWith(QUERY_LOG, log, work);
    return log.length;
  }

  describe('positions', () => {
    it('put new rows last, however they are stored', async () => {
      const repository = app.db.dataSource.getRepository(Answer);
      await app.db.save(answer('a'));
      await app.db.save([answer('b'), answer('x', second), answer('c')]);
      await answers().create({ text: 'd', question: first.id });
      await answers().bulkCreate([{ text: 'e', question: first }, answer('y', second), { text: 'f', question: first }]);
      await repository.save(answer('g'));
      await repository.insert({ text: 'h', question: { id: first.id } });
      await app.db.related(first, 'answers').create({ text: 'i' });
      await app.db.save(Object.assign(answer('j'), { position: 40 }));
      await answers().getOrCreate({ text: 'k' }, { question: first });
      expect(await placed()).toEqual(['a0', 'b1', 'c2', 'd3', 'e4', 'f5', 'g6', 'h7', 'i8', 'j40', 'k41']);
      expect(await placed(second)).toEqual(['x0', 'y1']);
    });

    it('begin at 0 under parents that are new themselves, and among rows without one', async () => {
      const third = Object.assign(new Question(), { text: 'three' });
      const loose = (text: string) => Object.assign(new Answer(), { text });
      third.answers = [loose('a'), loose('b')];
      await app.db.save(third);
      expect(await placed(third)).toEqual(['a0', 'b1']);
      third.answers.push(loose('c'), loose('d'));
      await app.db.save(third);
      expect(third.answers.map(({ position }) => position)).toEqual([0, 1, 2, 3]);
      await app.db.save(
        Object.assign(new Question(), { text: 'four', answers: [Object.assign(loose('e'), { position: 7 })] }),
      );
      expect(await answers().flat('position').filter({ text: 'e' }).all()).toEqual([7]);
      expect(await placed(third)).toEqual(['a0', 'b1', 'c2', 'd3']);
      await answers().bulkCreate([{ text: 'p' }, { text: 'q', question: null }]);
      await app.db.save(answer('r', null));
      expect(await placed(null)).toEqual(['p0', 'q1', 'r2']);
    });

    it('cost as many statements for many rows as for few', async () => {
      const rows = (count: number) => Array.from({ length: count }, (_, index) => answer(`n${index}`));
      const few = await statements(() => answers().bulkCreate(rows(2)));
      expect(await statements(() => answers().bulkCreate(rows(100)))).toBe(few);
      const one = await statements(() => app.db.save(rows(1)));
      const reads = await statements(() => app.db.save(rows(20)));
      expect(reads - one).toBeLessThanOrEqual(19 * 2);
    });

    it('are others for rows that are added at once', async () => {
      const adding = Array.from({ length: 8 }, (_, index) => app.db.save(answer(`n${index}`)));
      const bulks = [1, 2].map((turn) => answers().bulkCreate([answer(`b${turn}`), answer(`c${turn}`)]));
      await Promise.all([...adding, ...bulks]);
      expect(await answers().orderBy('position').flat('position').all()).toEqual([...Array(12).keys()]);
    });

    it('are others for rows that move at once', async () => {
      const rows = await answers().bulkCreate(Array.from({ length: 9 }, (_, index) => answer(`n${index}`)));
      const moves = rows.map((row, index) =>
        index % 3 > 0
          ? app.db.related(second, 'answers').add(row)
          : app.db.save(Object.assign(row, { question: second })),
      );
      await Promise.all(moves);
      const places = await answers().filter({ question: second }).flat('position').all();
      expect(places).toEqual([...Array(9).keys()]);
    });

    it('are the last ones of another parent for rows that move', async () => {
      await answers().bulkCreate(['a', 'b', 'c', 'd', 'e', 'f'].map((text) => answer(text)));
      await answers().bulkCreate([answer('x', second)]);
      const byText = (text: string) => answers().get({ text });
      await app.db.save(Object.assign(await byText('b'), { question: second }));
      expect(await placed(second)).toEqual(['x0', 'b1']);
      await answers()
        .filter({ text__in: ['e', 'c'] })
        .update({ question: second });
      expect(await placed(second)).toEqual(['x0', 'b1', 'c2', 'e3']);
      const d = await byText('d');
      await app.db.save(Object.assign(d, { question: second }), { fields: ['question'] });
      await app.db.related(second, 'answers').add(await byText('f'));
      expect(await placed(second)).toEqual(['x0', 'b1', 'c2', 'e3', 'd4', 'f5']);
      await answers().bulkUpdate([{ id: d.id, question: first }], ['question']);
      await app.db.dataSource.getRepository(Answer).update({ text: 'x' }, { question: first });
      expect(await placed()).toEqual(['a0', 'd1', 'x2']);
      await app.db.related(first, 'answers').remove(d);
      expect(await placed(null)).toEqual(['d0']);
      await app.db.save(Object.assign(await byText('x'), { question: second, position: 0 }));
      await answers().filter({ text: 'a' }).update({ question: first, text: 'A' });
      expect(await placed()).toEqual(['A0']);
      expect(await placed(second)).toEqual(['x0', 'b1', 'c2', 'e3', 'f5']);
    });

    it('are the last ones for rows that a saved list of related rows takes over', async () => {
      const [a, b] = await answers().bulkCreate([answer('a'), answer('b')]);
      await answers().bulkCreate([answer('x', second), answer('y', second)]);
      const loaded = await app.db.objects(Question).prefetchRelated('answers').get({ id: second.id });
      loaded.answers.push(await answers().get({ id: b!.id }));
      await app.db.save(loaded);
      expect(await placed(second)).toEqual(['x0', 'y1', 'b2']);
      expect(loaded.answers.map(({ position }) => position)).toEqual([0, 1, 2]);
      await app.db.dataSource.getRepository(Answer).save({ id: a!.id, question: { id: second.id } });
      expect(await placed(second)).toEqual(['x0', 'y1', 'b2', 'a3']);
    });

    it('stay where rows are there already', async () => {
      await app.db.objects(Banner).bulkCreate([{ name: 'a' }, { name: 'b' }]);
      await app.db.dataSource.getRepository(Banner).upsert([{ name: 'a' }, { name: 'c' }], ['name']);
      await app.db.objects(Banner).bulkCreate([{ name: 'b' }, { name: 'd' }], { onConflict: 'ignore' });
      expect(await app.db.order(Banner).keys()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('stay where other fields change', async () => {
      const [a, b] = await answers().bulkCreate([answer('a'), answer('b')]);
      await app.db.save(Object.assign(a!, { text: 'A' }));
      await answers().filter({ id: b!.id }).update({ text: 'B' });
      expect(await placed()).toEqual(['A0', 'B1']);
      expect(app.db.replicate(a!).position).toBeUndefined();
    });
  });

  describe('an order', () => {
    it('is read and set in one call', async () => {
      const rows = await answers().bulkCreate(['a', 'b', 'c', 'd'].map((text) => answer(text)));
      const [a, b, c, d] = rows as [Answer, Answer, Answer, Answer];
      const set = app.db.related(first, 'answers');
      await set.setOrder([c, a.id, d, b]);
      expect(await placed()).toEqual(['c0', 'a1', 'd2', 'b3']);
      expect(await set.order()).toEqual([c, a, d, b].map(({ id }) => String(id)));
      await app.db.order(a).set([a, b, c, d]);
      expect(await app.db.order(Answer, first.id).keys()).toEqual([a, b, c, d].map(({ id }) => String(id)));
      expect(await (await app.db.order(Answer, first).rows()).filter({ text__ne: 'b' }).flat('text').all()).toEqual([
        'a',
        'c',
        'd',
      ]);
      expect((await answers().get({ id: a.id })).version).toBeGreaterThan(a.version);
    });

    it('tells signals of the rows that change places', async () => {
      const [a, b, c] = (await answers().bulkCreate(['a', 'b', 'c'].map((text) => answer(text)))) as [
        Answer,
        Answer,
        Answer,
      ];
      const told: unknown[] = [];
      const connection = app
        .get(SignalHub)
        .connect(postBulkUpdate, Answer, ({ keys, changed }) => told.push([keys, changed]));
      await app.db.related(first, 'answers').setOrder([b, a, c]);
      connection.disconnect();
      expect(told).toEqual([[[b, a].map(({ id }) => String(id)), ['position']]]);
    });

    it('needs all rows and no others', async () => {
      const [a, b] = await answers().bulkCreate([answer('a'), answer('b')]);
      const stranger = await app.db.save(answer('x', second));
      const set = (...rows: readonly Answer[]) => app.db.related(first, 'answers').setOrder(rows);
      await expect(set(b!)).rejects.toThrow(`${a!.id} is missing`);
      await expect(set(b!, a!, stranger)).rejects.toThrow(`${stranger.id} is not among the rows`);
      await expect(set(b!, a!, b!)).rejects.toThrow(RowOrderError);
      expect(await placed()).toEqual(['a0', 'b1']);
      await app.db.related(second, 'answers').remove(stranger);
      await app.db.related(second, 'answers').setOrder([]);
    });

    it('costs as many statements for many rows as for few', async () => {
      const rows = await answers().bulkCreate(Array.from({ length: 200 }, (_, index) => answer(`n${index}`)));
      const two = await answers().bulkCreate([answer('x', second), answer('y', second)]);
      const few = await statements(() => app.db.related(second, 'answers').setOrder(two.toReversed()));
      expect(await statements(() => app.db.related(first, 'answers').setOrder(rows.toReversed()))).toBe(few);
      expect((await answers().filter({ question: first }).first())!.text).toBe('n199');
    });

    it('has a next and a previous row, by the key where positions are equal', async () => {
      const [a, b, c] = (await answers().bulkCreate(['a', 'b', 'c'].map((text) => answer(text)))) as [
        Answer,
        Answer,
        Answer,
      ];
      await answers().update({ position: 5 });
      await answers().filter({ id: a.id }).update({ position: 9 });
      const beside = async (row: Answer) => {
        const own = app.db.order(row);
        return [(await own.previous())?.text, (await own.next())?.text];
      };
      expect([await beside(b), await beside(c), await beside(a)]).toEqual([
        [undefined, 'c'],
        ['b', 'a'],
        ['c', undefined],
      ]);
      await app.db.remove(await answers().get({ id: b.id }));
      await expect(app.db.order(Object.assign(b, { id: 0 })).next()).rejects.toThrow('No Answer');
    });

    it('is one for the whole table, or for several things together', async () => {
      await app.db.objects(Banner).bulkCreate([{ name: 'z' }, { name: 'y' }]);
      const x = await app.db.save(Object.assign(new Banner(), { name: 'x' }));
      expect(await app.db.order(Banner).keys()).toEqual(['z', 'y', 'x']);
      await app.db.order(Banner).set(['x', 'z', 'y']);
      expect(await app.db.objects(Banner).flat('name').all()).toEqual(['x', 'z', 'y']);
      expect((await app.db.order(x).next())!.name).toBe('z');
      const ambient = await inScope(app, async () => [await order(x).previous(), await order(Banner).keys()]);
      expect(ambient).toEqual([null, ['x', 'z', 'y']]);

      const [board, other] = await app.db.objects(Board).bulkCreate([
        { team: 1, name: 'a' },
        { team: 1, name: 'b' },
      ]);
      const card = (title: string, on: Board, lane?: string) => ({ title, board: on, ...(lane && { lane }) });
      const cards = app.db.objects(Card);
      await cards.bulkCreate([
        card('p', board!),
        card('q', board!, 'done'),
        card('r', board!, 'open'),
        card('s', other!),
      ]);
      const last = await cards.create(card('t', board!));
      const seen = await cards.values('title', 'position').all();
      expect(seen.map(({ title, position }) => `${title}${position}`)).toEqual(['t2', 's0', 'r1', 'q0', 'p0']);
      expect((await app.db.order(last).previous())!.title).toBe('r');
      await app.db.save(Object.assign(last, { lane: 'done' }));
      expect(last.position).toBe(1);
      const done = await app.db.order(Card, { board, lane: 'done' }).rows();
      expect(await done.flat('title').all()).toEqual(['q', 't']);
      expect(() => app.db.order(Answer)).toThrow(QueryUsageError);
      expect(() => app.db.order(Question)).toThrow('stand in no order');
    });
  });
});
