import { Field, Meta } from 'bowerbird/orm';
import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  VersionColumn,
  type Relation,
} from 'typeorm';

import { openOrm, type OrmTestApp, type OrmTestOptions } from '../../support/databases.js';

export enum Continent {
  Africa = 'africa',
  Asia = 'asia',
  Europe = 'europe',
}

@Entity()
@Meta({ ordering: ['name'] })
export class Country {
  @PrimaryColumn({ length: 2 })
  code: string;

  @Column({ length: 80 })
  name: string;

  @Column({ type: 'enum', enum: Continent })
  continent: Continent;

  @Column({ type: 'bigint' })
  population: string;

  @OneToMany(() => City, (city) => city.country)
  cities: Relation<City>[];
}

export class Location {
  @Column({ type: 'float', nullable: true })
  latitude: number | null;

  @Column({ type: 'varchar', length: 40, nullable: true })
  zone: string | null;
}

@Entity()
@Meta({ ordering: ['name'] })
export class Tag {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @Column({ default: 0 })
  weight: number;

  @ManyToMany(() => City, (city) => city.tags)
  cities: Relation<City>[];
}

@Entity()
export class City {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @Column({ default: 0 })
  population: number;

  @Column({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  area: string | null;

  @Column({ default: false })
  capital: boolean;

  @Column({ type: 'date', nullable: true })
  founded: string | null;

  @Column({ type: 'datetime', nullable: true })
  visitedAt: Date | null;

  @Column({ type: 'simple-json', nullable: true })
  data: Record<string, unknown> | null;

  @Column({ type: 'text', nullable: true })
  notes: string | null;

  @Field({ sensitive: true })
  @Column({ type: 'varchar', length: 20, nullable: true, select: false })
  secret?: string | null;

  @Column({
    type: 'varchar',
    length: 20,
    default: 'x',
    transformer: { to: (value?: string) => value?.toLowerCase(), from: (value: string) => value?.toUpperCase() },
  })
  motto: string;

  @Column(() => Location)
  location: Location;

  @ManyToOne(() => Country, (country) => country.cities, { onDelete: 'CASCADE', nullable: false })
  country: Relation<Country>;

  @ManyToOne(() => City, { nullable: true, onDelete: 'SET NULL' })
  twin: Relation<City> | null;

  @ManyToMany(() => Tag, (tag) => tag.cities)
  @JoinTable()
  tags: Relation<Tag>[];

  @OneToMany(() => Landmark, (landmark) => landmark.city)
  landmarks: Relation<Landmark>[];

  @OneToOne(() => Mayor, (mayor) => mayor.city)
  mayor: Relation<Mayor> | null;

  @OneToMany(() => Ward, (ward) => ward.city)
  wards: Relation<Ward>[];
}

@Entity()
@Meta({ ordering: ['-height', 'name'] })
export class Landmark {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @Column({ type: 'int', nullable: true })
  height: number | null;

  @ManyToOne(() => City, (city) => city.landmarks, { onDelete: 'CASCADE', nullable: false })
  city: Relation<City>;

  @OneToMany(() => Visit, (visit) => visit.landmark)
  visits: Relation<Visit>[];
}

@Entity()
export class Visit {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column()
  stars: number;

  @ManyToOne(() => Landmark, (landmark) => landmark.visits, { onDelete: 'CASCADE', nullable: false })
  landmark: Relation<Landmark>;

  @CreateDateColumn()
  createdAt: Date;
}

@Entity()
export class Mayor {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @OneToOne(() => City, (city) => city.mayor, { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn()
  city: Relation<City> | null;

  @UpdateDateColumn()
  updatedAt: Date;

  @VersionColumn()
  version: number;
}

@Entity()
export class Ward {
  @PrimaryColumn()
  cityId: number;

  @PrimaryColumn()
  number: number;

  @Column({ length: 40 })
  name: string;

  @ManyToOne(() => City, (city) => city.wards, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'cityId' })
  city: Relation<City>;

  @OneToMany(() => School, (school) => school.ward)
  schools: Relation<School>[];
}

@Entity()
export class School {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @ManyToOne(() => Ward, (ward) => ward.schools, { nullable: true, onDelete: 'CASCADE' })
  ward: Relation<Ward> | null;
}

export const WORLD = [Country, Tag, City, Landmark, Visit, Mayor, Ward, School];

/** Boots an application over the world's tables, empty. */
export async function openWorld(url: string, options: Partial<OrmTestOptions> = {}): Promise<OrmTestApp> {
  return openOrm({ database: url, entities: WORLD, ...options });
}

/** Countries, cities, tags and what hangs on them; small enough to know by heart. */
export async function fillWorld({ db }: OrmTestApp): Promise<void> {
  await db.save(
    [
      { code: 'DE', name: 'Germany', continent: Continent.Europe, population: '83000000' },
      { code: 'FR', name: 'France', continent: Continent.Europe, population: '67000000' },
      { code: 'JP', name: 'Japan', continent: Continent.Asia, population: '9007199254740993' },
      { code: 'XX', name: 'Nowhere', continent: Continent.Africa, population: '0' },
    ].map((row) => Object.assign(new Country(), row)),
  );
  const tags = ['river', 'sea', 'old', 'Big'].map((name, index) =>
    Object.assign(new Tag(), { name, weight: index + 1 }),
  );
  await db.save(tags);
  const [river, sea, old, big] = tags as [Tag, Tag, Tag, Tag];
  const country = (code: string): Country => Object.assign(new Country(), { code });
  const city = (values: Partial<City>): City =>
    Object.assign(new City(), { location: Object.assign(new Location(), { latitude: null, zone: null }), ...values });
  const berlin = city({
    name: 'Berlin',
    population: 3_600_000,
    area: '891.70',
    capital: true,
    founded: '1237-10-28',
    country: country('DE'),
    tags: [river, big],
    secret: 'wall',
    motto: 'Arm',
    location: { latitude: 52.5, zone: 'Europe/Berlin' },
    data: { a: [1, 2] },
    visitedAt: new Date('2024-02-29T12:30:15.250Z'),
  });
  const koln = city({
    name: 'Köln',
    population: 1_000_000,
    area: '405.00',
    country: country('DE'),
    tags: [river, old],
    notes: '50% off_now\\!',
    visitedAt: new Date('2023-12-31T23:59:59.999Z'),
  });
  const paris = city({
    name: 'Paris',
    population: 2_100_000,
    area: '105.40',
    capital: true,
    founded: '0250-01-01',
    country: country('FR'),
    tags: [river, big, old],
    notes: 'ÉTÉ à Paris',
  });
  const nice = city({ name: 'nice', population: 340_000, country: country('FR'), tags: [sea] });
  const tokyo = city({
    name: 'Tokyo',
    population: 14_000_000,
    area: '2194.07',
    capital: true,
    country: country('JP'),
    tags: [sea, big],
    notes: 'berlin',
  });
  const empty = city({ name: 'Empty', population: 0, country: country('XX'), tags: [] });
  await db.save([berlin, koln, paris, nice, tokyo, empty]);
  berlin.twin = paris;
  paris.twin = tokyo;
  await db.save([berlin, paris]);
  const landmark = (name: string, height: number | null, of: City): Landmark =>
    Object.assign(new Landmark(), { name, height, city: of });
  const marks = [
    landmark('Tower', 368, berlin),
    landmark('Gate', 26, berlin),
    landmark('Dom', 157, koln),
    landmark('Eiffel', 330, paris),
    landmark('Louvre', null, paris),
    landmark('Skytree', 634, tokyo),
  ];
  await db.save(marks);
  await db.save(
    [1, 5, 3].map((stars, index) => Object.assign(new Visit(), { stars, landmark: marks[index === 2 ? 3 : 0] })),
  );
  await db.save([
    Object.assign(new Mayor(), { name: 'Kai', city: berlin }),
    Object.assign(new Mayor(), { name: 'Anne', city: paris }),
    Object.assign(new Mayor(), { name: 'Idle', city: null }),
  ]);
  await db.save(
    [1, 2].map((number) => Object.assign(new Ward(), { cityId: berlin.id, number, name: `Ward ${number}` })),
  );
  await db.save(Object.assign(new Ward(), { cityId: paris.id, number: 1, name: 'Louvre' }));
  const ward = (of: City, number: number): Ward => Object.assign(new Ward(), { cityId: of.id, number });
  await db.save([
    Object.assign(new School(), { name: 'A', ward: ward(berlin, 1) }),
    Object.assign(new School(), { name: 'B', ward: ward(berlin, 2) }),
    Object.assign(new School(), { name: 'C', ward: ward(paris, 1) }),
    Object.assign(new School(), { name: 'D', ward: null }),
  ]);
}
