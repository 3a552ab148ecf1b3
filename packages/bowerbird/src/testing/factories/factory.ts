import { APPLICATION, contextValue, type ApplicationHandle, type Class } from '#core';
import { Database, Databases } from '#orm';

import { FactoryError } from './factory.errors.js';
import { recipe, type Recipe, type RecipeContext, type RelatedRows } from './recipe.js';
import { assembleRow, type RowPlan } from './row-plan.js';

/** Properties of an entity that hold data. */
type DataKey<E> = { [K in keyof E]: E[K] extends (...args: never[]) => unknown ? never : K }[keyof E];

/** Values by property; a recipe makes another one for each row. */
export type FactoryValues<E> = { readonly [K in DataKey<E>]?: E[K] | Recipe<E[K]> };

/** What a factory is besides its values. */
export interface FactoryOptions<E, T extends string> {
  /** Sets of values with a name: `{ live: { status: 'live' } }`. */
  readonly traits?: Readonly<Record<T, FactoryValues<E>>>;
  /** Where counting starts and what random values follow from; 0. Two factories of one entity need two seeds. */
  readonly seed?: number;
}

/** Where rows go: a database, or an application that has one. */
export type FactoryPlace = Database | ApplicationHandle;

interface Definition<E extends object, T extends string> {
  readonly entity: Class<E>;
  readonly layers: readonly FactoryValues<E>[];
  readonly traits: Readonly<Record<T, FactoryValues<E>>>;
  readonly plan: RowPlan;
  readonly place: FactoryPlace | undefined;
}

/** Makes rows of an entity for tests: given values, recipes, and fitting values for whatever else is required. */
export class Factory<E extends object, T extends string = never> {
  constructor(private readonly definition: Definition<E, T>) {}

  get entity(): Class<E> {
    return this.definition.entity;
  }

  /** The same factory with the values of some traits. @throws FactoryError for an unknown trait */
  with(...traits: readonly T[]): Factory<E, T> {
    const { layers, traits: known } = this.definition;
    const unknown = traits.find((trait) => !Object.hasOwn(known, trait));
    if (unknown !== undefined)
      throw new FactoryError(`The factory of ${this.entity.name} has no trait "${unknown}"`, {
        hint: `Traits: ${Object.keys(known).join(', ') || 'none'}`,
      });
    return new Factory({ ...this.definition, layers: [...layers, ...traits.map((trait) => known[trait])] });
  }

  /** The same factory for a database or an application, instead of those of the current scope. */
  using(place: FactoryPlace): Factory<E, T> {
    return new Factory({ ...this.definition, place });
  }

  /** A row that is not stored, and nothing that it refers to is. @throws FactoryError */
  build(values: FactoryValues<E> = {}): E {
    const { assembly, context } = this.begin(values);
    let step = assembly.next();
    while (!step.done) step = assembly.next(step.value.build(context));
    return step.value as E;
  }

  /** A stored row; the rows that it refers to are stored before. @throws FactoryError, IntegrityError */
  async create(values: FactoryValues<E> = {}): Promise<E> {
    const { assembly, context, database } = this.begin(values);
    let step = assembly.next();
    while (!step.done) step = assembly.next(await step.value.create(context));
    return database.save(step.value as E);
  }

  /** Several stored rows, one after another. */
  async createMany(count: number, values: FactoryValues<E> | ((index: number) => FactoryValues<E>) = {}): Promise<E[]> {
    const rows: E[] = [];
    for (let index = 0; index < count; index += 1)
      rows.push(await this.create(typeof values === 'function' ? values(index) : values));
    return rows;
  }

  private begin(values: FactoryValues<E>) {
    const { entity, layers, plan, place } = this.definition;
    const database = databaseOf(place, entity);
    const given = Object.assign({}, ...layers, values) as Readonly<Record<string, unknown>>;
    const related: RelatedRows = {
      build: (factory, own) => (factory as unknown as Factory<object>).inPlace(place).build(own),
      create: (factory, own) => (factory as unknown as Factory<object>).inPlace(place).create(own),
    };
    const { random, n, row } = plan.begin(entity, database);
    const context: RecipeContext = { n, random, row, related };
    return { assembly: assembleRow({ database, entity, given, plan, context }), context, database };
  }

  /** The factory where the row goes that refers to its rows, unless it has a place of its own. */
  private inPlace(place: FactoryPlace | undefined): Factory<E, T> {
    return place && !this.definition.place ? this.using(place) : this;
  }
}

/** A row of another factory, made for each row: `author: subFactory(authors, { name: 'Ann' })`. */
export function subFactory<E extends object, T extends string>(
  factory: Factory<E, T>,
  values: FactoryValues<E> = {},
): Recipe<E> {
  return recipe({
    last: false,
    build: ({ related }) => related.build(factory, values) as E,
    create: ({ related }) => related.create(factory, values) as Promise<E>,
  });
}

/** The database of a place that holds an entity. @throws FactoryError outside of any scope */
function databaseOf(place: FactoryPlace | undefined, entity: Class): Database {
  if (place instanceof Database) return place;
  const application = place ?? contextValue(APPLICATION);
  if (application) return application.get(Databases).of(entity);
  throw new FactoryError(`The factory of ${entity.name} knows no database`, {
    hint: 'Call it inside of app.run(), or bind it: factory.using(app)',
  });
}
