import { type EntityMetadata } from 'typeorm';

import { didYouMean, type Class } from '#core';
import { type Database, type EntityDescription, type FieldDescription, type RelationDescription } from '#orm';

import { FactoryError } from './factory.errors.js';
import { madeUpValue } from './made-up-value.js';
import { Random } from './random.js';
import { isRecipe, recipe, type Recipe, type RecipeContext, type RowSource } from './recipe.js';

/** Makes the factory of an entity that a row needs and nobody gave. */
export type MakeSource = (entity: Class) => RowSource;

/** What a factory counts, shared by all that were made of it. */
export class RowPlan {
  private count = 0;
  private readonly sources = new Map<Class, RowSource>();

  constructor(
    private readonly seed: number,
    private readonly makeSource: MakeSource,
  ) {}

  /** The next row, without values. */
  begin(entity: Class, database: Database): { readonly n: number; readonly random: Random; readonly row: object } {
    this.count += 1;
    const n = this.seed + this.count;
    const row = database.dataSource.getMetadata(entity).create(undefined) as object;
    return { n, random: new Random(`${this.seed}:${entity.name}:${n}`), row };
  }

  /** The factory of rows that a required reference leads to. TypeORM refuses required references in a circle. */
  source({ target }: RelationDescription): RowSource {
    const source = this.sources.get(target) ?? this.makeSource(target);
    this.sources.set(target, source);
    return source;
  }
}

/** What {@link assembleRow} works with. */
interface Assembly {
  readonly database: Database;
  readonly entity: Class;
  readonly given: Readonly<Record<string, unknown>>;
  readonly plan: RowPlan;
  readonly context: RecipeContext;
}

/** Fills a row. Asks for the value of each recipe, so that the caller decides whether related rows are stored. */
export function* assembleRow(assembly: Assembly): Generator<Recipe<unknown>, object, unknown> {
  const { database, entity, given, context } = assembly;
  const { row } = context;
  const metadata = database.dataSource.getMetadata(entity);
  refuseUnknown(entity, metadata, given);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const isLast = (value: unknown): boolean => isRecipe(value) && value.last;
  for (const [name, value] of entries.filter((entry) => !isLast(entry[1])))
    Object.assign(row, { [name]: isRecipe(value) ? yield value : value });
  yield* fillRequired(assembly, metadata);
  for (const [name, value] of entries.filter((entry) => isLast(entry[1])))
    Object.assign(row, { [name]: yield value as Recipe<unknown> });
  return row;
}

/** Fitting values for whatever is required and was neither given nor has a default. */
function* fillRequired(
  { database, entity, given, plan, context }: Assembly,
  metadata: EntityMetadata,
): Generator<Recipe<unknown>, void, unknown> {
  const { row, n, random } = context;
  const description = database.describe(entity);
  for (const field of description.fields.filter(isRequired)) {
    const column = metadata.findColumnWithPropertyPath(field.path)!;
    if (field.path in given || column.getEntityValue(row) !== undefined) continue;
    if (field.nativeType !== undefined) throw unguessable(entity, field);
    column.setEntityValue(row, madeUpValue({ field, n, random }));
  }
  for (const relation of description.relations.filter(needsRow)) {
    const held = metadata.findRelationWithPropertyPath(relation.path)!;
    if (relation.path in given || held.getEntityValue(row) !== undefined || holdsKey(relation, description, row))
      continue;
    held.setEntityValue(row, yield relatedRow(plan.source(relation)));
  }
}

function relatedRow(source: RowSource): Recipe<unknown> {
  return recipe({
    last: false,
    build: ({ related }) => related.build(source, {}),
    create: ({ related }) => related.create(source, {}),
  });
}

function isRequired({ nullable, generated, relation, default: fallback }: FieldDescription): boolean {
  return !nullable && !generated && relation === undefined && fallback === undefined;
}

function needsRow({ owning, nullable, kind }: RelationDescription): boolean {
  return owning && !nullable && kind !== 'many-to-many';
}

/** Whether the row has the key of a reference in a property of its own. */
function holdsKey({ path }: RelationDescription, { fields }: EntityDescription, row: object): boolean {
  return fields.some((field) => field.relation === path && (row as Record<string, unknown>)[field.path] !== undefined);
}

function refuseUnknown(entity: Class, metadata: EntityMetadata, given: Readonly<Record<string, unknown>>): void {
  const blank = new (entity as new () => object)();
  const names = new Set(
    [...metadata.ownColumns, ...metadata.relations].map(({ propertyPath }) => propertyPath.split('.')[0]!),
  );
  const unknown = Object.keys(given).find((name) => !names.has(name) && !(name in blank));
  if (unknown !== undefined)
    throw new FactoryError(`${entity.name} has no property "${unknown}". ${didYouMean(unknown, names)}`.trim());
}

function unguessable(entity: Class, { path, nativeType }: FieldDescription): FactoryError {
  return new FactoryError(`No value for ${entity.name}.${path} (${nativeType}) can be guessed`, {
    hint: `Give one: factory(${entity.name}, { ${path}: … })`,
  });
}
