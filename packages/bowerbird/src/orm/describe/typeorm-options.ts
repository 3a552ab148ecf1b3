import { getMetadataArgsStorage, type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

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
  {
    option: 'schema',
    says: ({ tableMetadataArgs: { schema }, dataSource }) => schema !== schemaOf(dataSource.options) && schema,
    why: 'migrations make tables in the schema of their connection',
    hint: 'Name it in the URL of a database of PostgreSQL, ?schema=…, and hold the app there',
  },
  {
    option: 'orderBy',
    says: ({ tableMetadataArgs: { orderBy } }) => (orderBy ? 'its order' : undefined),
    why: 'query sets do not follow it',
    hint: '@Meta({ ordering: […] })',
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
    ...joinTables(metadata),
  ];
}

function problemsOf<T>(
  { option, says, why, hint }: RefusedOption<T>,
  target: T,
  dialect: Dialect,
  at: string,
): readonly EntityProblem[] {
  const said = says(target, dialect);
  if (said === undefined || said === false || said === '') return [];
  return [
    {
      id: 'orm.E081',
      message: `${at} has the option ${option} (${said}), which is not kept: ${why}`,
      at,
      hint,
    },
  ];
}

/** Tables of pairs are made beside those of their entities. */
function joinTables({ name, inheritanceTree, dataSource }: EntityMetadata): readonly EntityProblem[] {
  const own = schemaOf(dataSource.options);
  return getMetadataArgsStorage()
    .joinTables.filter(({ target }) => inheritanceTree.includes(target as (typeof inheritanceTree)[number]))
    .flatMap(({ propertyName, database, schema, synchronize }) => {
      const said = [
        ...(database === undefined ? [] : ['database']),
        ...(schema === undefined || schema === own ? [] : ['schema']),
        ...(synchronize === false ? ['synchronize'] : []),
      ];
      return said.map((option) => ({
        id: 'orm.E081',
        message: `The table of ${name}.${propertyName} has the option ${option}, which is not kept`,
        at: `${name}.${propertyName}`,
        hint: 'Leave it out; migrations make the table beside that of the entity',
      }));
    });
}

function schemaOf(options: object): unknown {
  return (options as { readonly schema?: unknown }).schema;
}

/** Whether TypeORM was told to leave the table alone (`@Entity({ synchronize: false })`). */
export function isLeftAlone({ tableMetadataArgs }: EntityMetadata): boolean {
  return tableMetadataArgs.synchronize === false;
}
