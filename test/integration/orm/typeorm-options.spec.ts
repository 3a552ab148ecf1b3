import { readFileSync } from 'node:fs';

import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { Descriptions } from 'bowerbird/orm';
import {
  Check,
  Column,
  Entity,
  Exclusion,
  ForeignKey,
  Generated,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type ColumnOptions,
  type EntityOptions,
  type IndexOptions,
  type JoinTableOptions,
  type RelationOptions,
} from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';

import { DIALECTS, openOrm, SERVERS } from '../../support/databases.js';

const PAGE = readFileSync(new URL('../../../docs/ref/typeorm.md', import.meta.url), 'utf8');

/** The interfaces of TypeORM whose options a section of the page lists. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  '@Entity': ['EntityOptions'],
  '@Column': [
    'ColumnOptions',
    'ColumnCommonOptions',
    'ColumnEnumOptions',
    'ColumnEmbeddedOptions',
    'ColumnHstoreOptions',
    'ColumnNumericOptions',
    'ColumnUnsignedOptions',
    'ColumnWithLengthOptions',
    'PrimaryGeneratedColumnIdentityOptions',
    'PrimaryGeneratedColumnNumericOptions',
    'PrimaryGeneratedColumnUUIDOptions',
    'SpatialColumnOptions',
    'VirtualColumnOptions',
  ],
  '@Index': ['IndexOptions'],
  '@Unique, @Check, @Exclusion': ['UniqueOptions', 'ExclusionOptions'],
  Relations: ['RelationOptions'],
  '@ForeignKey': ['ForeignKeyOptions'],
  '@JoinColumn': ['JoinColumnOptions'],
  '@JoinTable': ['JoinTableOptions'],
};

/** What queries and writes of TypeORM itself do, of which no description says anything. */
const BY_TYPEORM: ReadonlySet<string> = new Set(
  ['query', 'hstoreType', 'utc', 'prefix']
    .map((option) => `@Column ${option}`)
    .concat(['cascade', 'persistence', 'orphanedRowAction', 'lazy', 'eager'].map((option) => `Relations ${option}`)),
);

type Maker = (name: string) => Class;

/** Makes the class of an entity of a name, whose table is named alike. */
function named(name: string, decorate: (target: Class) => void, options: EntityOptions = {}): Class {
  const made = { [name]: class {} }[name]! as Class;
  PrimaryGeneratedColumn()(made.prototype, 'id');
  decorate(made);
  Entity({ name: name.toLowerCase(), ...options })(made);
  return made;
}

const column =
  (options: ColumnOptions): Maker =>
  (name) =>
    named(name, (target) => Column({ type: 'varchar', ...options })(target.prototype, 'value'));
const entity =
  (options: EntityOptions): Maker =>
  (name) =>
    named(name, (target) => Column('varchar')(target.prototype, 'value'), options);
const index =
  (options: IndexOptions): Maker =>
  (name) =>
    named(name, (target) => {
      Column('varchar')(target.prototype, 'value');
      Index(['value'], options)(target);
    });

@Entity()
class Other {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) code: number;
}

const relation =
  (options: RelationOptions, more: PropertyDecorator = () => undefined): Maker =>
  (name) =>
    named(name, (target) => {
      ManyToOne(() => Other, options)(target.prototype, 'other');
      more(target.prototype, 'other');
    });
const pairs =
  (options: JoinTableOptions): Maker =>
  (name) =>
    named(name, (target) => {
      ManyToMany(() => Other)(target.prototype, 'others');
      JoinTable(options)(target.prototype, 'others');
    });
const key =
  (options: object): Maker =>
  (name) =>
    named(name, (target) => {
      Column('int')(target.prototype, 'otherId');
      ForeignKey(() => Other, options)(target.prototype, 'otherId');
    });
const parts =
  (...decorators: ClassDecorator[]): Maker =>
  (name) =>
    named(name, (target) => {
      Column('varchar')(target.prototype, 'value');
      for (const decorate of decorators) decorate(target);
    });

const plain = column({});
const at = (place: string, from: Maker, options: Readonly<Record<string, Maker>>) =>
  Object.entries(options).map(([option, to]) => [`${place} ${option}`, { from, to }] as const);

/** An entity with the option, and the same one without it. */
const SAMPLES = new Map<string, { readonly from: Maker; readonly to: Maker }>([
  ...at('@Entity', plain, {
    name: entity({ name: 'called' }),
    comment: entity({ comment: 'told' }),
    synchronize: entity({ synchronize: false }),
    orderBy: entity({ orderBy: { id: 'ASC' } }),
    engine: entity({ engine: 'MyISAM' }),
    database: entity({ database: 'far' }),
    schema: entity({ schema: 'far' }),
    withoutRowid: entity({ withoutRowid: true }),
  }),
  ...at('@Column', plain, {
    type: column({ type: 'int' }),
    name: column({ name: 'called' }),
    length: column({ length: 9 }),
    nullable: column({ nullable: true }),
    default: column({ default: 'x' }),
    primary: (name) => {
      const made = { [name]: class {} }[name]! as Class;
      PrimaryColumn('varchar')(made.prototype, 'value');
      Entity({ name: name.toLowerCase() })(made);
      return made;
    },
    unique: column({ unique: true }),
    comment: column({ comment: 'told' }),
    select: column({ select: false }),
    insert: column({ insert: false }),
    update: column({ update: false }),
    enum: column({ type: 'enum', enum: ['a', 'b'] }),
    transformer: column({ transformer: { to: (value: unknown) => value, from: (value: unknown) => value } }),
    asExpression: column({ asExpression: "'x'", generatedType: 'STORED' }),
    collation: column({ collation: 'NOCASE' }),
    charset: column({ charset: 'latin1' }),
    onUpdate: column({ onUpdate: 'CURRENT_TIMESTAMP' }),
    generated: (name) =>
      named(name, (target) => {
        Column('varchar')(target.prototype, 'value');
        Generated('uuid')(target.prototype, 'value');
      }),
    srid: column({ srid: 4326 }),
    spatialFeatureType: column({ spatialFeatureType: 'Point' }),
    array: column({ type: 'text', array: true }),
  }),
  ...at('@Column', column({ type: 'decimal' }), {
    precision: column({ type: 'decimal', precision: 5 }),
    scale: column({ type: 'decimal', scale: 1 }),
  }),
  ...at('@Column', column({ type: 'int' }), { unsigned: column({ type: 'int', unsigned: true }) }),
  ...at('@Column', column({ type: 'enum', enum: ['a'] }), {
    enumName: column({ type: 'enum', enum: ['a'], enumName: 'e' }),
  }),
  ...at('@Column', column({ asExpression: "'x'", generatedType: 'STORED' }), {
    generatedType: column({ asExpression: "'x'", generatedType: 'VIRTUAL' }),
  }),
  ...at('@Column', column({}), {
    primaryKeyConstraintName: (name) => {
      const made = { [name]: class {} }[name]! as Class;
      PrimaryGeneratedColumn({ primaryKeyConstraintName: 'called' })(made.prototype, 'id');
      Column('varchar')(made.prototype, 'value');
      Entity({ name: name.toLowerCase() })(made);
      return made;
    },
    generatedIdentity: (name) => {
      const made = { [name]: class {} }[name]! as Class;
      PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })(made.prototype, 'id');
      Column('varchar')(made.prototype, 'value');
      Entity({ name: name.toLowerCase() })(made);
      return made;
    },
  }),
  ...at('@Column', relation({}), {
    foreignKeyConstraintName: relation({}, JoinColumn({ foreignKeyConstraintName: 'called' })),
  }),
  ...at('@Index', index({}), {
    unique: index({ unique: true }),
    where: index({ where: "value <> ''" }),
    type: index({ type: 'gin' }),
    fulltext: index({ fulltext: true }),
    concurrent: index({ concurrent: true }),
    background: index({ background: true }),
    spatial: index({ spatial: true }),
    nullFiltered: index({ nullFiltered: true }),
    sparse: index({ sparse: true }),
    parser: index({ parser: 'ngram' }),
    expireAfterSeconds: index({ expireAfterSeconds: 9 }),
  }),
  ...at('@Unique, @Check, @Exclusion', parts(Unique(['value'])), {
    name: parts(Unique('called', ['value'])),
    columns: parts(Unique(['value', 'id'])),
    deferrable: parts(Unique(['value'], { deferrable: 'INITIALLY DEFERRED' })),
  }),
  ...at('@Unique, @Check, @Exclusion', plain, {
    expression: parts(Check("value <> ''"), Exclusion('USING gist (value WITH =)')),
  }),
  ...at('Relations', relation({}), {
    nullable: relation({ nullable: false }),
    onDelete: relation({ onDelete: 'CASCADE' }),
    onUpdate: relation({ onUpdate: 'CASCADE' }),
    deferrable: relation({ deferrable: 'INITIALLY DEFERRED' }),
    createForeignKeyConstraints: relation({ createForeignKeyConstraints: false }),
  }),
  ...at('@ForeignKey', key({}), {
    name: key({ name: 'called' }),
    onDelete: key({ onDelete: 'CASCADE' }),
    onUpdate: key({ onUpdate: 'CASCADE' }),
    deferrable: key({ deferrable: 'INITIALLY DEFERRED' }),
  }),
  ...at('@JoinColumn', relation({}), {
    name: relation({}, JoinColumn({ name: 'called' })),
    referencedColumnName: relation({}, JoinColumn({ referencedColumnName: 'code' })),
    foreignKeyConstraintName: relation({}, JoinColumn({ foreignKeyConstraintName: 'called' })),
  }),
  ...at('@JoinTable', pairs({}), {
    name: pairs({ name: 'called' }),
    joinColumn: pairs({ joinColumn: { name: 'called' } }),
    inverseJoinColumn: pairs({ inverseJoinColumn: { name: 'called' } }),
    database: pairs({ database: 'far' }),
    schema: pairs({ schema: 'far' }),
    synchronize: pairs({ synchronize: false }),
  }),
]);

/** What the page says: `@Index type` to the words behind it. */
function promises(): ReadonlyMap<string, string> {
  const sections = PAGE.split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const title = section.slice(0, section.indexOf('\n'));
      return [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(
        ([, option, words]) => [`${title} ${option}`, words!] as const,
      );
    }),
  );
}

function optionsOf(name: string): readonly string[] {
  const url = new URL(`../../../node_modules/typeorm/decorator/options/${name}.d.ts`, import.meta.url);
  return [...readFileSync(url, 'utf8').matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map(([, option]) => option!);
}

describe('the options of TypeORM', () => {
  it.each(Object.entries(SECTIONS))('are listed whole: %s', (section, interfaces) => {
    const listed = [...promises().keys()];
    for (const option of interfaces.flatMap(optionsOf)) expect(listed).toContain(`${section} ${option}`);
  });

  describe('do what the page says', () => {
    const outcomes = new Map<string, { readonly codes: readonly string[]; readonly carried: boolean }>();

    beforeAll(async () => {
      let number = 0;
      const made = [...SAMPLES].map(([option, { from, to }]) => {
        number += 1;
        return { option, plain: from(`Sample${number}a`), given: to(`Sample${number}b`) };
      });
      const app = await openOrm({
        database: 'sqlite::memory:',
        entities: [Other, ...made.flatMap(({ plain: without, given }) => [without, given])],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
      });
      const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
      const texts = (target: Class): string =>
        JSON.stringify(app.get(Descriptions).of(target))
          .replaceAll(/sample ?\d+ ?[ab]/gi, 'sample')
          .replaceAll(/"(IDX|UQ|PK|FK|REL|CHK|XCL)_\w+"/g, '"$1"');
      for (const { option, plain: without, given } of made)
        outcomes.set(option, {
          codes: findings.filter((each) => each.at?.split('.')[0] === given.name).map(({ id }) => id),
          carried: texts(without) !== texts(given),
        });
      await app.close();
    });

    it('a database of its own is refused on servers, too', async () => {
      const made = [entity({ database: 'far' })('Far'), pairs({ database: 'far' })('FarPairs')];
      for (const url of DIALECTS.filter((dialect) => dialect !== 'sqlite').map((dialect) => SERVERS[dialect]!)) {
        const app = await openOrm({
          database: url,
          entities: [Other, ...made],
          imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
          synchronize: false,
        });
        const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
        await app.close();
        expect(findings.filter(({ id }) => id === 'orm.E081').map(({ message }) => message)).toEqual([
          expect.stringMatching(/^Far has the option database/),
          expect.stringMatching(/^The table of FarPairs.others has the option database/),
        ]);
      }
    });

    it.each([...promises()].filter(([option]) => !BY_TYPEORM.has(option)))('%s: %s', (option, words) => {
      const { codes, carried } = outcomes.get(option)!;
      const [, refused] = /refused: \[(orm\.E\d+)\]/.exec(words) ?? [];
      if (refused) expect(codes).toContain(refused);
      else expect(carried).toBe(words.startsWith('carried'));
    });
  });
});
