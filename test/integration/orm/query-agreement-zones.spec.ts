import {
  Cast,
  Concat,
  Count,
  Extract,
  F,
  Left,
  Lower,
  Max,
  Min,
  Trim,
  Trunc,
  TruncDate,
  Upper,
  type Database,
  type Expression,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { codeOf, Worlds, type Question } from './query-agreement.support.js';
import { random, type Pick } from './query-fuzz.support.js';
import { Diary, fillDiaries, MOMENTS, Note, ZONES } from './query-zones.world.js';
import { City, fillWorld, openWorld, WORLD } from './query.world.js';

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;
const PARTS = [...UNITS, 'isoYear', 'weekDay', 'isoWeekDay'] as const;

/** Moments of three centuries, and those at which clocks are changed. */
function someMoments(): string[] {
  const next = random(7);
  const [from, to] = [Date.UTC(1860, 0, 1), Date.UTC(2150, 0, 1)];
  const drawn = Array.from({ length: 150 }, () => new Date(Math.floor(from + next() * (to - from))).toISOString());
  return [...MOMENTS, ...drawn];
}

/** Expressions that take moments apart, in a zone of their own or in that of the query. */
const CLOCKS: readonly ((pick: Pick) => Expression)[] = [
  (pick) => Extract('at', pick(PARTS), { zone: pick(ZONES) }),
  (pick) => Extract('at', pick(PARTS)),
  (pick) => Trunc('at', pick(UNITS), { zone: pick(ZONES) }),
  (pick) => Trunc('at', pick(UNITS)),
  (pick) => Trunc(Trunc('at', pick(UNITS), { zone: pick(ZONES) }), pick(UNITS)),
  (pick) => TruncDate('at', { zone: pick(ZONES) }),
  (pick) => Cast('day', 'datetime', { zone: pick([undefined, 'UTC']) }),
  (pick) => Extract(Cast('day', 'datetime'), pick(PARTS), { zone: pick(ZONES) }),
  (pick) => Trunc('day', pick(['year', 'week', 'month'] as const), { zone: pick([undefined, 'Asia/Tokyo']) }),
];

const WORDS = [
  '',
  'a',
  'B',
  'berlin',
  'Berlin',
  'köln',
  'Köln',
  'kolo',
  'nice',
  'Nice ',
  'é',
  'ÉTÉ',
  'z',
  '50%',
  '\u{1f600}',
];

/** Texts that are made of others in the same row, and those of related rows. */
const OF_ROWS: readonly ((pick: Pick) => Expression)[] = [
  (pick) => pick([Lower, Upper, Trim])(pick(['name', 'notes', 'country.name'])),
  (pick) => Concat(F(pick(['name', 'notes'])), pick(WORDS)),
  (pick) => Left(pick([Lower, Upper])('name'), pick([1, 2, 3])),
];
const TEXTS: typeof OF_ROWS = [...OF_ROWS, (pick) => Min(pick([Lower, Upper])(pick(['landmarks.name', 'tags.name'])))];

describe('databases agree', () => {
  let worlds: Worlds;
  beforeAll(async () => {
    worlds = await Worlds.open(async (url) => {
      const app = await openWorld(url, { entities: [...WORLD, Diary, Note] });
      await fillWorld(app);
      await fillDiaries(app, someMoments());
      return app;
    });
  });
  afterAll(() => worlds?.close());

  const notesOf = (db: Database): QuerySet => db.objects(Note).untyped();

  it('about moments in time zones', async () => {
    const ask: Question = (db, pick) =>
      notesOf(db)
        .inZone(pick(ZONES))
        .annotate({ x: pick(CLOCKS)(pick) })
        .orderBy(pick(['x', '-x']), 'id')
        .valuesList('id', 'x')
        .all();
    expect(await worlds.disagreements(15, 100, ask)).toEqual([]);
  });

  it('about what is found, listed and grouped in time zones', async () => {
    const moments = someMoments();
    const ask: Question = async (db, pick) => {
      const zone = pick(ZONES);
      const at = pick(moments);
      const given = pick([at.slice(0, 10), new Date(at), Number(at.slice(0, 4)), Number(at.slice(11, 13))]);
      const lookup = `at__${pick(['date', 'year', 'hour', 'isoYear', 'month'])}${pick(['', '__gt', '__lte', '__ne', '__in'])}`;
      const some = notesOf(db)
        .inZone(zone)
        .filter({ [lookup]: lookup.endsWith('in') ? [given] : given });
      const unit = pick(['year', 'month', 'week', 'day'] as const);
      return [
        await some.orderBy('id').flat('id').all().catch(codeOf),
        await some.dates('at', unit).catch(codeOf),
        await some.datetimes('at', pick(['year', 'week', 'day', 'hour'] as const), { zone: pick(ZONES) }).catch(codeOf),
        await some
          .annotate({ x: pick(CLOCKS)(pick) })
          .values('x')
          .annotate({ n: Count('id') })
          .orderBy('x')
          .valuesList('x', 'n')
          .all()
          .catch(codeOf),
      ];
    };
    expect(await worlds.disagreements(16, 100, ask)).toEqual([]);
  });

  it('about the order of texts that are made of others', async () => {
    const ask: Question = async (db, pick) => {
      const rows = db.objects(City).untyped();
      const path = pick(['name', 'notes', 'country.name', 'tags.name', 'x']);
      const made = `${path}__${pick(['lower', 'upper', 'trim'])}__${pick(['gt', 'gte', 'lt', 'lte', 'range', 'ne'])}`;
      const some = rows
        .annotate({ x: pick(TEXTS)(pick) })
        .filter({ [made]: made.endsWith('range') ? [pick(WORDS), pick(WORDS)] : pick(WORDS) });
      return [
        await some
          .orderBy(pick(['x', '-x']), 'name')
          .valuesList('name', 'x')
          .all(),
        await rows
          .annotate({ x: pick(TEXTS)(pick) })
          .values('x')
          .annotate({ n: Count('id') })
          .orderBy('x')
          .valuesList('x', 'n')
          .all(),
        await rows.aggregate({ most: Max(pick(OF_ROWS)(pick)) }),
      ];
    };
    expect(await worlds.disagreements(17, 200, ask)).toEqual([]);
  });
});
