import { getMetadataArgsStorage, type EntityMetadata } from 'typeorm';
import { type JoinTableMetadataArgs } from 'typeorm/metadata-args/JoinTableMetadataArgs.js';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { LONGEST_NAME } from '../migrations/schema/names.js';
import { type EntityProblem } from './descriptions.js';
import { type Dialect } from './entity-description.js';
import { declaredColumn } from './portable-columns.js';

/** An option that the tables of the framework do not keep. */
interface RefusedOption<T> {
  readonly option: string;
  readonly says: (target: T, dialect: Dialect) => string | number | false | undefined;
  readonly why: string;
  readonly hint: string;
}

/** Collations by which text is compared and sorted by code points, as the framework has it everywhere. */
const BY_CODE_POINTS = /^(binary|\w+_bin|C|POSIX|ucs_basic|C\.utf-?8)$/i;

const OF_COLUMNS: readonly RefusedOption<ColumnMetadata>[] = [
  {
    option: 'collation',
    says: ({ collation }) => collation && !BY_CODE_POINTS.test(collation) && collation,
    why: 'text would be compared and sorted otherwise than in other columns and on other databases',
    hint: 'Leave it out; compare without case by iexact, icontains and Lower()',
  },
  {
    option: 'charset',
    says: ({ charset }) => charset && charset.toLowerCase() !== 'utf8mb4' && charset,
    why: 'it could not hold every text',
    hint: 'Leave it out: tables have utf8mb4',
  },
  {
    option: 'onUpdate',
    says: (column) => !column.isUpdateDate && (declaredColumn(column)?.onUpdate ?? column.onUpdate),
    why: 'MySQL alone would write it',
    hint: 'For the moment of the last change: @UpdateDateColumn',
  },
  {
    option: 'generatedIdentity',
    says: ({ generatedIdentity }) => generatedIdentity === 'ALWAYS' && generatedIdentity,
    why: 'rows that come with their keys, those of fixtures for one, could not be stored',
    hint: 'Leave it out',
  },
  {
    option: 'srid',
    says: ({ srid, spatialFeatureType }, dialect) => dialect !== 'postgres' && (srid ?? spatialFeatureType),
    why: 'PostGIS alone has such columns',
    hint: 'Hold the entity in PostgreSQL',
  },
];

/** Tables in schemas, and names that TypeORM would take for such. */
function placeRules<T>(
  placeOf: (target: T) => { readonly name: string | undefined; readonly schema: string | undefined },
): readonly RefusedOption<T>[] {
  return [
    {
      option: 'schema',
      says: (target, dialect) => dialect !== 'postgres' && placeOf(target).schema,
      why: 'PostgreSQL alone has schemas within a database',
      hint: 'Hold the entity in PostgreSQL, or leave it out',
    },
    {
      option: 'schema',
      says: (target, dialect) => dialect === 'postgres' && withDot(placeOf(target).schema),
      why: 'TypeORM takes each part of it for a name of its own',
      hint: 'Name a schema without dots',
    },
    {
      option: 'schema',
      says: (target, dialect) => dialect === 'postgres' && tooLong(placeOf(target).schema),
      why: `PostgreSQL cuts names after ${LONGEST_NAME} bytes`,
      hint: 'Give it a shorter name',
    },
    {
      option: 'name',
      says: (target) => withDot(placeOf(target).name),
      why: 'TypeORM takes what is before the dot for a schema',
      hint: "On PostgreSQL name both apart: { schema: 'sales', name: 'invoice' }",
    },
  ];
}

function tooLong(name: string | undefined): string | undefined {
  return name !== undefined && Buffer.byteLength(name) > LONGEST_NAME ? name : undefined;
}

function withDot(name: string | undefined): string | undefined {
  return name?.includes('.') ? name : undefined;
}

const OF_ENTITIES: readonly RefusedOption<EntityMetadata>[] = [
  {
    option: 'engine',
    says: ({ engine }) => engine && engine.toLowerCase() !== 'innodb' && engine,
    why: 'tables need the transactions and the foreign keys of InnoDB',
    hint: 'Leave it out',
  },
  {
    option: 'database',
    says: ({ tableMetadataArgs }) => tableMetadataArgs.database,
    why: 'migrations make tables in the database of their connection',
    hint: 'Name it in settings.databases, and by the `database` of its app',
  },
  ...placeRules<EntityMetadata>(({ tableName, tableMetadataArgs: { schema } }) => ({ name: tableName, schema })),
  {
    option: 'orderBy',
    says: ({ tableMetadataArgs: { orderBy } }) => (orderBy ? 'its order' : undefined),
    why: 'query sets do not follow it',
    hint: '@Meta({ ordering: […] })',
  },
];

const OF_JOIN_TABLES: readonly RefusedOption<JoinTableMetadataArgs>[] = [
  {
    option: 'database',
    says: ({ database }) => database,
    why: 'migrations make tables in the database of their connection',
    hint: 'Leave it out; migrations make the table beside that of the entity',
  },
  ...placeRules<JoinTableMetadataArgs>(({ name, schema }) => ({ name, schema })),
  {
    option: 'synchronize',
    says: ({ synchronize }) => (synchronize === false ? 'false' : undefined),
    why: 'migrations make the table beside that of the entity',
    hint: 'Leave it out',
  },
];

/** The options of TypeORM's decorators that an entity has and the framework does not keep. */
export function optionProblems(metadata: EntityMetadata, dialect: Dialect): readonly EntityProblem[] {
  const { name } = metadata;
  return [
    ...OF_ENTITIES.flatMap((rule) => problemsOf(rule, metadata, dialect, name)),
    ...metadata.ownColumns.flatMap((column) =>
      OF_COLUMNS.flatMap((rule) => problemsOf(rule, column, dialect, `${name}.${column.propertyPath}`)),
    ),
    ...joinTables(metadata, dialect),
  ];
}

function problemsOf<T>(
  { option, says, why, hint }: RefusedOption<T>,
  target: T,
  dialect: Dialect,
  at: string,
  what = '',
): readonly EntityProblem[] {
  const said = says(target, dialect);
  if (said === undefined || said === false || said === '') return [];
  return [
    {
      id: 'orm.E081',
      message: `${what}${at} has the option ${option} (${said}), which is not kept: ${why}`,
      at,
      hint,
    },
  ];
}

/** Tables of pairs are made in the database of their entities. */
function joinTables({ name, inheritanceTree }: EntityMetadata, dialect: Dialect): readonly EntityProblem[] {
  return getMetadataArgsStorage()
    .joinTables.filter(({ target }) => inheritanceTree.includes(target as (typeof inheritanceTree)[number]))
    .flatMap((args) =>
      OF_JOIN_TABLES.flatMap((rule) =>
        problemsOf(rule, args, dialect, `${name}.${args.propertyName}`, 'The table of '),
      ),
    );
}

/** Whether TypeORM was told to leave the table alone (`@Entity({ synchronize: false })`). */
export function isLeftAlone({ tableMetadataArgs }: EntityMetadata): boolean {
  return tableMetadataArgs.synchronize === false;
}
