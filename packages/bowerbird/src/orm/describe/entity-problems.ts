import { getMetadataArgsStorage } from 'typeorm';

import { didYouMean } from '#core';

import { type AppRegistry } from '../apps/app-registry.js';
import { type DatabaseConfig } from '../orm.options.js';
import { positionProblems } from './describe-position.js';
import { UNOWNED, type EntityProblem } from './descriptions.js';
import { type EntityDescription } from './entity-description.js';
import { notedFields } from './field.decorator.js';
import { isPostgresOnly } from './native-types.js';
import { proxyProblems } from './proxy-problems.js';
import { replacementProblems } from './replacement-problems.js';

/** What the rules look at. */
interface Surroundings {
  readonly all: readonly EntityDescription[];
  readonly registry: AppRegistry;
  readonly databases: readonly DatabaseConfig[];
}

type Rule = (entity: EntityDescription, around: Surroundings) => readonly EntityProblem[];

/** Everything that is wrong with the entities; each problem names its check and `Class.property`. */
export function findEntityProblems(
  all: readonly EntityDescription[],
  registry: AppRegistry,
  databases: readonly DatabaseConfig[],
): readonly EntityProblem[] {
  const entities = all.filter(({ proxyOf }) => !proxyOf);
  const around = { all: entities, registry, databases };
  return [
    ...entities.flatMap((entity) => RULES.flatMap((rule) => rule(entity, around))),
    ...all
      .filter(({ proxyOf }) => proxyOf)
      .flatMap((proxy) => PROXY_RULES.flatMap((rule) => rule(proxy, { ...around, all }))),
    ...proxyProblems(registry, entities),
  ];
}

/** Where PostgreSQL has tables for which no schema is named. */
const USUAL_SCHEMA = 'public';

const sharedTable: Rule = (entity, { all }) => {
  const other = all.find(
    (candidate) =>
      candidate.table === entity.table &&
      (candidate.schema ?? USUAL_SCHEMA) === (entity.schema ?? USUAL_SCHEMA) &&
      candidate.database === entity.database,
  );
  if (!other || other === entity || other.inheritance || entity.inheritance) return [];
  return [
    {
      id: 'orm.E008',
      message: `${entity.name} and ${other.name} use one table, "${entity.table}"`,
      at: entity.name,
      hint:
        "Name another table: @Entity('…'). Other methods over the same rows: @ProxyEntity, manager(Entity, Rows), objects(Entity).as(Rows); " +
        'kinds of rows told apart by a column: @TableInheritance with @ChildEntity',
    },
  ];
};

const sharedKey: Rule = (entity, { all }) => {
  const other = all.find(({ key }) => key === entity.key);
  if (!other || other === entity || entity.app === UNOWNED) return [];
  return [
    {
      id: 'orm.E012',
      message: `Two entities of the app "${entity.app}" are named ${entity.name}`,
      at: entity.name,
      hint: 'Rename one of the classes',
    },
  ];
};

const unownedTargets: Rule = (entity, { all, databases }) => {
  if (entity.app === UNOWNED || isAdopted(entity, databases)) return [];
  return referencesOf(entity)
    .filter(({ target }) => all.find((other) => other.target === target)?.app === UNOWNED)
    .map(({ path, target }) => ({
      id: 'orm.E013',
      message: `${entity.name}.${path} leads to ${target.name}, which is in no installed app`,
      at: `${entity.name}.${path}`,
      hint: `List ${target.name} in the entities of an @App, and that module in settings.apps`,
    }));
};

const foreignTargets: Rule = (entity, { all }) =>
  referencesOf(entity)
    .map(({ path, target }) => ({ path, other: all.find((candidate) => candidate.target === target) }))
    .filter(({ other }) => other && other.app !== UNOWNED && other.database !== entity.database)
    .map(({ path, other }) => ({
      id: 'orm.E014',
      message: `${entity.name}.${path} leads from the database "${entity.database}" to "${other!.database}"`,
      at: `${entity.name}.${path}`,
      hint: 'A relation stays within one database; keep both entities in one, or store the key as a plain field',
    }));

/** What only a foreign key could carry out. */
const unkeptRules: Rule = ({ name, relations }) =>
  relations
    .filter(({ enforced }) => enforced === false)
    .flatMap(({ path, onDelete, constraint = {} }) => {
      const rules = [
        ...(onDelete === 'no-action' ? [] : ['onDelete']),
        ...(['onUpdate', 'deferrable', 'name'] as const).filter((rule) => constraint[rule] !== undefined),
      ];
      if (rules.length === 0) return [];
      return [
        {
          id: 'orm.E080',
          message: `${name}.${path} has no foreign key that could carry out its ${rules.join(', ')}`,
          at: `${name}.${path}`,
          hint: 'Leave createForeignKeyConstraints: false out, or these options, and see to the rows yourself',
        },
      ];
    });

/** InnoDB reads SET DEFAULT, and refuses the deletion. */
const missingRules: Rule = (entity, { databases }) => {
  const { dialect } = databases.find(({ alias }) => alias === entity.database)!;
  if (dialect !== 'mysql' || !entity.managed) return [];
  return referencesOf(entity)
    .filter(({ onDelete, constraint }) => onDelete === 'set-default' || constraint?.onUpdate === 'set-default')
    .map(({ path }) => ({
      id: 'orm.E082',
      message: `${entity.name}.${path} is to be set to its default, which MySQL and MariaDB do not do`,
      at: `${entity.name}.${path}`,
      hint: "Say onDelete: 'SET NULL' or 'RESTRICT', or set the reference before the deletion",
    }));
};

const metaPaths: Rule = (entity, { all }) => {
  const named = [
    ...entity.ordering.map((term) => ({ option: 'ordering', path: term.replace(/^-/, '') })),
    ...(entity.latestBy === null ? [] : [{ option: 'latestBy', path: entity.latestBy }]),
  ];
  return named
    .filter(({ path }) => !leadsSomewhere(entity, path, all))
    .map(({ option, path }) => unknownName('orm.E009', entity, option, path));
};

const naturalKeys: Rule = (entity) => {
  const stored = (path: string): boolean =>
    entity.field(path) !== undefined || (entity.relation(path)?.columns.length ?? 0) > 0;
  const unknown = entity.naturalKey.filter((path) => !stored(path));
  if (unknown.length > 0) return unknown.map((path) => unknownName('orm.E040', entity, 'naturalKey', path));
  const sets = [...entity.uniques.map(({ paths }) => paths), ...uniqueAlone(entity)];
  const names = (path: string) => entity.naturalKey.includes(entity.field(path)?.relation ?? path);
  const covered = sets.some((paths) => paths.every((path) => entity.naturalKey.includes(path) || names(path)));
  if (entity.naturalKey.length === 0 || covered) return [];
  return [
    {
      id: 'orm.W040',
      message: `The natural key of ${entity.name} (${entity.naturalKey.join(', ')}) is not unique`,
      at: entity.name,
      hint: `Add @Unique([${entity.naturalKey.map((path) => `'${path}'`).join(', ')}]), so that it names one row`,
    },
  ];
};

/** What is unique by itself: a field, a reference, the primary key. */
function uniqueAlone({ fields, relations, primaryKey }: EntityDescription): readonly (readonly string[])[] {
  const alone = [...fields, ...relations].filter(({ unique }) => unique);
  return [primaryKey, ...alone.map(({ path }) => [path])];
}

const displayName: Rule = (entity, { all }) => {
  const { display, target } = entity;
  if (display === null || leadsSomewhere(entity, display, all)) return [];
  const member = Object.getOwnPropertyDescriptor(target.prototype, display) ?? display in target.prototype;
  return member ? [] : [unknownName('orm.E010', entity, 'display', display)];
};

const strayNotes: Rule = (entity) =>
  notedFields(entity.target)
    .filter((property) => !entity.field(property) && !entity.relation(property))
    .filter((property) => !getMetadataArgsStorage().embeddeds.some(({ propertyName }) => propertyName === property))
    .map((property) => ({
      id: 'orm.E011',
      message: `${entity.name}.${property} has @Field but is neither a column nor a relation`,
      at: `${entity.name}.${property}`,
      hint: 'Add @Column or a relation decorator, or remove @Field',
    }));

const roundedDecimals: Rule = (entity, { databases }) => {
  const { dialect } = databases.find(({ alias }) => alias === entity.database)!;
  if (dialect !== 'sqlite' || !entity.managed) return [];
  return entity.fields
    .filter(({ kind, precision = 0 }) => kind === 'decimal' && precision > 19)
    .map(({ path, precision }) => ({
      id: 'orm.W002',
      message: `${entity.name}.${path} has ${precision} digits; SQLite keeps 15 exactly and refuses longer values`,
      at: `${entity.name}.${path}`,
      hint: 'Use PostgreSQL or MySQL where such numbers occur',
    }));
};

const foreignTypes: Rule = (entity, { databases }) => {
  const { dialect } = databases.find(({ alias }) => alias === entity.database)!;
  return entity.fields
    .filter(
      ({ nativeType, types }) => nativeType !== undefined && !types?.[dialect] && isPostgresOnly(nativeType, dialect),
    )
    .map(({ path, nativeType }) => ({
      id: 'orm.E058',
      message: `${entity.name}.${path} is of the type ${nativeType}, which ${dialect} has not got`,
      at: `${entity.name}.${path}`,
      hint: "Hold the entity in PostgreSQL, or store the value as JSON: @Column('json')",
    }));
};

const ownerless: Rule = (entity, { databases }) => {
  if (entity.app !== UNOWNED || !isAdopted(entity, databases)) return [];
  return [
    {
      id: 'orm.W001',
      message: `${entity.name} is known to the data source but is in no installed app; the admin and the API do not see it`,
      at: entity.name,
      hint: `List ${entity.name} in the entities of an @App`,
    },
  ];
};

const RULES: readonly Rule[] = [
  sharedTable,
  sharedKey,
  unownedTargets,
  foreignTargets,
  unkeptRules,
  missingRules,
  replacementProblems,
  positionProblems,
  metaPaths,
  naturalKeys,
  displayName,
  strayNotes,
  roundedDecimals,
  foreignTypes,
  ownerless,
];

/** Rules for what proxies say themselves; all else is said by their entity. */
const PROXY_RULES: readonly Rule[] = [sharedKey, metaPaths, displayName];

/** Relations, and foreign keys without one. */
function referencesOf({ relations, foreignKeys = [] }: EntityDescription): EntityDescription['relations'] {
  return [...relations, ...foreignKeys];
}

function isAdopted({ database }: EntityDescription, databases: readonly DatabaseConfig[]): boolean {
  return databases.some(({ alias, adopted }) => alias === database && adopted !== null);
}

/** Whether a path leads to a field or a relation, through as many relations as it names. */
function leadsSomewhere(entity: EntityDescription, path: string, all: readonly EntityDescription[]): boolean {
  if (entity.field(path) || entity.relation(path)) return true;
  const relation = entity.relations.find((candidate) => path.startsWith(`${candidate.path}.`));
  const target = relation && all.find((candidate) => candidate.target === relation.target);
  return target ? leadsSomewhere(target, path.slice(relation.path.length + 1), all) : false;
}

function unknownName(id: string, entity: EntityDescription, option: string, path: string): EntityProblem {
  const names = [...entity.fields, ...entity.relations].map((property) => property.path);
  return {
    id,
    message:
      `@Meta({ ${option} }) of ${entity.name} names "${path}", which it does not have. ${didYouMean(path, names)}`.trim(),
    at: `${entity.name}.${path}`,
    hint: `Known names: ${names.join(', ')}`,
  };
}
