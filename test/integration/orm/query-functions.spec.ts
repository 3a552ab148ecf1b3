import {
  Abs,
  ACos,
  ASin,
  ATan,
  ATan2,
  Cast,
  Ceil,
  Chr,
  Concat,
  Cos,
  Cot,
  Degrees,
  Exp,
  Extract,
  F,
  Floor,
  Greatest,
  Least,
  Left,
  Length,
  Ln,
  Log,
  Lower,
  LPad,
  LTrim,
  Md5,
  Mod,
  Now,
  NullIf,
  Ord,
  Pi,
  Power,
  QueryUsageError,
  Radians,
  Repeat,
  Replace,
  Reverse,
  Right,
  Round,
  RPad,
  RTrim,
  Sha1,
  Sha224,
  Sha256,
  Sha384,
  Sha512,
  Sign,
  Sin,
  Sqrt,
  StrIndex,
  Substr,
  Tan,
  Trim,
  Trunc,
  TruncDate,
  Upper,
  Value,
  type Expression,
} from 'bowerbird/orm';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Sample {
  @PrimaryColumn()
  id: number;

  @Column({ type: 'varchar', length: 80, nullable: true })
  text: string | null;

  @Column({ type: 'int', nullable: true })
  whole: number | null;

  @Column({ type: 'bigint', nullable: true })
  big: string | null;

  @Column({ type: 'decimal', precision: 12, scale: 3, nullable: true })
  exact: string | null;

  @Column({ type: 'double precision', nullable: true })
  real: number | null;

  @Column({ type: 'date', nullable: true })
  day: string | null;

  @Column({ type: 'datetime', nullable: true })
  moment: Date | null;

  @Column({ type: 'time', nullable: true })
  clock: string | null;

  @Column({ default: false })
  flag: boolean;
}

const ROWS: readonly Partial<Sample>[] = [
  {
    id: 1,
    text: '  Ärger mit Öl ',
    whole: -7,
    big: '9007199254740993',
    exact: '-12.345',
    real: 0.5,
    day: '2026-01-01',
    moment: new Date('2025-12-29T23:59:59.987Z'),
    clock: '23:04:05',
    flag: true,
  },
  {
    id: 2,
    text: 'a😀b',
    whole: 5,
    big: '-3',
    exact: '2.500',
    real: 2.5,
    day: '2024-02-29',
    moment: new Date('2024-11-30T00:00:00.000Z'),
    clock: '00:00:00',
    flag: false,
  },
  { id: 3, text: null, whole: null, big: null, exact: null, real: null, day: null, moment: null, clock: null },
];

/** The values of an expression on the two rows that have values; on the third it is NULL unless told otherwise. */
interface Golden {
  readonly name: string;
  readonly of: Expression;
  readonly gives: readonly [unknown, unknown];
  readonly empty?: unknown;
  /** Compared up to eight digits. */
  readonly near?: true;
  readonly without?: string;
}

const golden = (name: string, of: Expression, one: unknown, other: unknown, more: Partial<Golden> = {}): Golden => ({
  name,
  of,
  gives: [one, other],
  ...more,
});
const near = (name: string, of: Expression, one: number | null, other: number | null): Golden =>
  golden(name, of, one, other, { near: true });

const GOLDEN: readonly Golden[] = [
  golden('Lower', Lower('text'), '  ärger mit öl ', 'a😀b'),
  golden('Upper', Upper('text'), '  ÄRGER MIT ÖL ', 'A😀B'),
  golden('Length', Length('text'), 15, 3),
  golden('Trim', Trim('text'), 'Ärger mit Öl', 'a😀b'),
  golden('LTrim', LTrim('text'), 'Ärger mit Öl ', 'a😀b'),
  golden('RTrim', RTrim('text'), '  Ärger mit Öl', 'a😀b'),
  golden('Reverse', Reverse('text'), ' lÖ tim regrÄ  ', 'b😀a'),
  golden(
    'Concat',
    Concat(F('text'), '-', F('whole'), '/', F('big')),
    '  Ärger mit Öl --7/9007199254740993',
    'a😀b-5/-3',
    {
      empty: '-/',
    },
  ),
  golden('Substr', Substr('text', 3, 5), 'Ärger', 'b'),
  golden('Substr to the end', Substr('text', 2), ' Ärger mit Öl ', '😀b'),
  golden('Left', Left('text', 3), '  Ä', 'a😀b'),
  golden('Right', Right('text', 2), 'l ', '😀b'),
  golden('Right of nothing', Right('text', 0), '', ''),
  golden('Repeat', Repeat(Trim('text'), 2), 'Ärger mit ÖlÄrger mit Öl', 'a😀ba😀b'),
  golden('LPad', LPad('text', 5, 'xy'), '  Ärg', 'xya😀b'),
  golden('RPad', RPad('text', 6, 'xy'), '  Ärge', 'a😀bxyx'),
  golden('Replace', Replace('text', 'r', 'R'), '  ÄRgeR mit Öl ', 'a😀b'),
  golden('StrIndex', StrIndex('text', 'mit'), 9, 0),
  golden('StrIndex regards case', StrIndex('text', 'MIT'), 0, 0),
  golden('Ord', Ord('text'), 32, 97),
  golden('Ord beyond the first plane', Ord(Substr('text', 2, 1)), 32, 128512),
  golden('Chr', Chr(Value(128512)), '😀', '😀', { empty: '😀' }),
  golden(
    'Sha1',
    Sha1(Value('abc')),
    'a9993e364706816aba3e25717850c26c9cd0d89d',
    'a9993e364706816aba3e25717850c26c9cd0d89d',
    {
      empty: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      without: 'postgres',
    },
  ),
  golden('Abs', Abs('whole'), 7, 5),
  golden('Abs of a bigint', Abs('big'), '9007199254740993', '3'),
  golden('Abs of a decimal', Abs('exact'), '12.345', '2.500'),
  golden('Abs of a float', Abs('real'), 0.5, 2.5),
  golden('Ceil of a decimal', Ceil('exact'), '-12', '3'),
  golden('Ceil of a float', Ceil('real'), 1, 3),
  golden('Floor of a decimal', Floor('exact'), '-13', '2'),
  golden('Floor of a float', Floor('real'), 0, 2),
  golden('Floor of an integer', Floor('whole'), -7, 5),
  golden('Round of a decimal', Round('exact'), '-12', '3'),
  golden('Round of a decimal to digits', Round('exact', 2), '-12.35', '2.50'),
  golden('Round of a float', Round('real'), 1, 3),
  golden('Round of a float to digits', Round(F('real').plus(Value(0.125, 'float')), 2), 0.63, 2.63),
  golden('Sign', Sign('exact'), -1, 1),
  near('ACos', ACos('real'), Math.acos(0.5), null),
  near('ASin', ASin('real'), Math.asin(0.5), null),
  near('ATan', ATan('real'), Math.atan(0.5), Math.atan(2.5)),
  near('ATan2', ATan2('real', F('whole')), Math.atan2(0.5, -7), Math.atan2(2.5, 5)),
  near('Cos', Cos('real'), Math.cos(0.5), Math.cos(2.5)),
  near('Cot', Cot('real'), 1 / Math.tan(0.5), 1 / Math.tan(2.5)),
  near('Degrees', Degrees('real'), 28.647_889_756_541_16, 143.239_448_782_705_8),
  near('Exp', Exp('real'), Math.exp(0.5), Math.exp(2.5)),
  near('Ln', Ln('whole'), null, Math.log(5)),
  near('Log', Log(2, 'real'), -1, Math.log2(2.5)),
  golden('Mod', Mod('whole', 3), -1, 2),
  golden('Mod of a decimal', Mod('exact', '2.5'), '-2.345', '0.000'),
  golden('Mod by zero', Mod('whole', 0), null, null),
  near('Power', Power('whole', 2), 49, 25),
  near('Power of no real number', Power('whole', Value(0.5, 'float')), null, Math.sqrt(5)),
  near('Radians', Radians('whole'), (-7 * Math.PI) / 180, (5 * Math.PI) / 180),
  near('Sin', Sin('real'), Math.sin(0.5), Math.sin(2.5)),
  near('Sqrt', Sqrt('exact'), null, Math.sqrt(2.5)),
  near('Tan', Tan('real'), Math.tan(0.5), Math.tan(2.5)),
  golden('Cast to a decimal', Cast('whole', 'decimal'), '-7', '5'),
  golden('Cast to text', Cast('big', 'string'), '9007199254740993', '-3'),
  golden('Cast to an integer', Cast('exact', 'integer'), -12, 3),
  golden('Cast to a float', Cast('exact', 'float'), -12.345, 2.5),
  golden('Cast to a date', Cast('moment', 'date'), '2025-12-29', '2024-11-30'),
  golden('Cast to a moment', Cast('day', 'datetime'), new Date('2026-01-01'), new Date('2024-02-29')),
  golden('Cast of a boolean', Cast('flag', 'integer'), 1, 0, { empty: 0 }),
  golden('Greatest', Greatest(F('whole'), F('exact'), 0), '0.000', '5.000'),
  golden('Least', Least(F('whole'), F('exact'), 0), '-12.345', '0.000'),
  golden('NullIf', NullIf('whole', 5), -7, null),
  golden('Year', Extract('moment', 'year'), 2025, 2024),
  golden('IsoYear', Extract('moment', 'isoYear'), 2026, 2024),
  golden('IsoYear of a date', Extract('day', 'isoYear'), 2026, 2024),
  golden('Quarter', Extract('day', 'quarter'), 1, 1),
  golden('Quarter of a moment', Extract('moment', 'quarter'), 4, 4),
  golden('Month', Extract('moment', 'month'), 12, 11),
  golden('Week', Extract('moment', 'week'), 1, 48),
  golden('Day', Extract('day', 'day'), 1, 29),
  golden('WeekDay', Extract('moment', 'weekDay'), 2, 7),
  golden('IsoWeekDay', Extract('moment', 'isoWeekDay'), 1, 6),
  golden('Hour', Extract('moment', 'hour'), 23, 0),
  golden('Minute', Extract('moment', 'minute'), 59, 0),
  golden('Second', Extract('moment', 'second'), 59, 0),
  golden('Hour of a time', Extract('clock', 'hour'), 23, 0),
  golden('Trunc to the year', Trunc('moment', 'year'), new Date('2025-01-01'), new Date('2024-01-01')),
  golden('Trunc to the quarter', Trunc('moment', 'quarter'), new Date('2025-10-01'), new Date('2024-10-01')),
  golden('Trunc to the month', Trunc('moment', 'month'), new Date('2025-12-01'), new Date('2024-11-01')),
  golden('Trunc to the week', Trunc('moment', 'week'), new Date('2025-12-29'), new Date('2024-11-25')),
  golden('Trunc to the day', Trunc('moment', 'day'), new Date('2025-12-29'), new Date('2024-11-30')),
  golden('Trunc to the hour', Trunc('moment', 'hour'), new Date('2025-12-29T23:00Z'), new Date('2024-11-30')),
  golden('Trunc to the minute', Trunc('moment', 'minute'), new Date('2025-12-29T23:59Z'), new Date('2024-11-30')),
  golden('Trunc to the second', Trunc('moment', 'second'), new Date('2025-12-29T23:59:59Z'), new Date('2024-11-30')),
  golden('Trunc of a date', Trunc('day', 'quarter'), '2026-01-01', '2024-01-01'),
  golden('TruncDate', TruncDate('moment'), '2025-12-29', '2024-11-30'),
];

describe('functions', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;

    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Sample] });
      await app.db.save(ROWS.map((row) => Object.assign(new Sample(), row)));
    });
    afterAll(async () => {
      await app?.close();
    });

    const valuesOf = (expression: Expression): Promise<unknown[]> =>
      app.db.objects(Sample).untyped().annotate({ v: expression }).orderBy('id').flat('v').all();

    it.each(GOLDEN)('$name', async ({ of, gives, empty = null, near, without }) => {
      if (without === database.dialect) {
        await expect(valuesOf(of)).rejects.toThrow(QueryUsageError);
        return;
      }
      const found = await valuesOf(of);
      const shown = (value: unknown): unknown =>
        near && typeof value === 'number' ? Number(value.toPrecision(9)) : value;
      expect(found.map(shown)).toEqual([...gives, empty].map(shown));
    });

    it('hashes alike', async () => {
      const { createHash } = await import('node:crypto');
      const hashes = { md5: Md5, sha224: Sha224, sha256: Sha256, sha384: Sha384, sha512: Sha512 };
      for (const [name, hash] of Object.entries(hashes))
        expect(await valuesOf(hash('text'))).toEqual(
          ROWS.map(({ text }) => (text ? createHash(name).update(text).digest('hex') : null)),
        );
    });

    it('knows pi and the present moment', async () => {
      const [{ pi, now }] = (await app.db
        .objects(Sample)
        .annotate({ pi: Pi(), now: Now() })
        .values('pi', 'now')
        .all()) as [{ pi: number; now: Date }];
      expect(pi).toBeCloseTo(Math.PI, 12);
      expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000);
    });

    it('can be filtered and ordered by', async () => {
      const rows = app.db.objects(Sample).orderBy('id');
      expect(
        await rows
          .annotate({ tidy: Trim('text') })
          .filter({ tidy__startswith: 'Ä' })
          .flat('id')
          .all(),
      ).toEqual([1]);
      expect(
        await rows
          .annotate({ year: Extract('moment', 'year') })
          .filter({ year__gte: 2025 })
          .flat('id')
          .all(),
      ).toEqual([1]);
      expect(
        await rows
          .annotate({ month: Trunc('moment', 'month') })
          .filter({ month: new Date('2024-11-01') })
          .flat('id')
          .all(),
      ).toEqual([2]);
      expect(
        await rows
          .orderBy(Length('text').desc({ nulls: 'last' }))
          .flat('id')
          .all(),
      ).toEqual([1, 2, 3]);
    });

    it.each([
      ['a text as a number', Abs('text')],
      ['a number as a text', Lower('whole')],
      ['a date as a time of day', Extract('day', 'hour')],
      ['text into a number', Cast('text', 'integer')],
      ['a moment beside a number', Greatest(F('moment'), F('whole'))],
    ])('refuses %s', async (_what, expression) => {
      await expect(valuesOf(expression)).rejects.toThrow(QueryUsageError);
    });

    it('refuses places that are none', () => {
      expect(() => Substr('text', 0)).toThrow(QueryUsageError);
      expect(() => Left('text', -1)).toThrow(QueryUsageError);
      expect(() => LPad('text', 3, '')).toThrow(QueryUsageError);
      expect(() => Round('exact', 1.5)).toThrow(QueryUsageError);
    });
  });
});
