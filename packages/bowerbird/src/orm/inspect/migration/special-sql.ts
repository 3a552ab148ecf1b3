import {
  type Catalog,
  type CatalogColumn,
  type CatalogCustomType,
  type CatalogIndex,
  type CatalogSequence,
  type CatalogTable,
} from '../../catalog/catalog.js';
import { wholeTable } from '../../catalog/whole-names.js';
import { type Dialect } from '../../describe/entity-description.js';
import { type Operation } from '../../migrations/operations/operation.js';
import { ops } from '../../migrations/operations/ops.js';
import { quoteName, quoteText } from '../../migrations/schema/literals.js';
import { changeOf } from '../../migrations/schema/schema-change.js';
import { type SchemaEditor } from '../../migrations/schema/schema-editor.js';
import { quotedTable, wholeName } from '../../migrations/schema/table-name.js';
import { tablesOf } from '../../migrations/schema/tables-of.js';
import { ProjectState } from '../../migrations/state/project-state.js';
import { type InspectedApp, type InspectedEntity } from '../model/inspected.js';
import { entityState } from './inspected-state.js';

/** A statement and what takes it back. */
type Statement = readonly [forward: string, backward?: string];

/** What must be there before the tables: types and sequences that somebody made. */
export function sqlBefore({ entities }: InspectedApp, catalog: Catalog): readonly Operation[] {
  const columns = entities.flatMap(({ table }) => table.columns);
  const types = catalog.types.filter((type) => columns.some((column) => isOfType(column, type)));
  const asked = columns.map((column) => column.default ?? '').join('\n');
  const sequences = catalog.sequences.filter(({ name }) => asked.includes(name));
  const counts = ({ generated, sequence }: CatalogColumn, place: CatalogSequence): boolean =>
    generated === 'increment' && (sequence === place.name || sequence === wholeTable(place));
  return [
    ...types.map((type): Statement => [
      type.definition,
      `DROP ${type.kind === 'enum' ? 'TYPE' : 'DOMAIN'} ${quotedTable('postgres', wholeTable(type))}`,
    ]),
    ...sequences
      .filter((sequence) => !columns.some((column) => counts(column, sequence)))
      .map((sequence): Statement => [
        sequence.definition,
        `DROP SEQUENCE ${quotedTable('postgres', wholeTable(sequence))}`,
      ]),
  ].map((statement) => sqlFor(catalog.dialect, statement));
}

/** What no operation makes: tables without a key, views, unusual indexes, and what MySQL writes by itself. */
export function sqlAfter(
  { name, entities }: InspectedApp,
  catalog: Catalog,
  editor: SchemaEditor,
): readonly Operation[] {
  const { dialect } = catalog;
  const statements = [
    ...entities
      .filter(({ managed, view }) => !managed && !view)
      .flatMap((entity) => keylessTable(name, entity, entities, editor)),
    ...entities.filter(({ view }) => !view).flatMap(({ table, special }) => tableExtras(table, special, dialect)),
    ...entities.flatMap(({ table, view }) => {
      const kind = view?.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
      const quoted = quotedTable(dialect, wholeTable(table));
      return view ? [[`CREATE ${kind} ${quoted} AS ${view.definition}`, `DROP ${kind} ${quoted}`] as const] : [];
    }),
  ];
  return statements.map((statement) => sqlFor(dialect, statement));
}

function sqlFor(dialect: Dialect, [forward, backward]: Statement): Operation {
  return ops.sql({ [dialect]: forward }, backward === undefined ? [] : { [dialect]: backward });
}

function isOfType({ type }: CatalogColumn, { name, kind }: CatalogCustomType): boolean {
  const bare = type.text.replace(/\[\]$/, '').replace(/^.*\./, '').replaceAll('"', '');
  return type.custom === kind && bare === name;
}

function tableExtras(table: CatalogTable, special: readonly CatalogIndex[], dialect: Dialect): readonly Statement[] {
  const quoted = quotedTable(dialect, wholeTable(table));
  const isWritten = ({ onUpdate }: CatalogColumn) => dialect === 'mysql' && onUpdate !== undefined;
  return [
    ...special.map(({ name, definition }): Statement => [definition, dropIndex(dialect, name, table)]),
    ...table.columns
      .filter(isWritten)
      .map((column): Statement => [`ALTER TABLE ${quoted} MODIFY COLUMN ${mysqlColumn(column)}`]),
  ];
}

/** An index is in the schema of its table. */
function dropIndex(dialect: Dialect, name: string, table: CatalogTable): string {
  const index = quotedTable(dialect, wholeName(name, table.schema));
  return `DROP INDEX ${index}${dialect === 'mysql' ? ` ON ${quoteName(dialect, table.name)}` : ''}`;
}

function mysqlColumn({ name, type, nullable, default: value, onUpdate, comment }: CatalogColumn): string {
  return [
    quoteName('mysql', name),
    type.text,
    nullable ? 'NULL' : 'NOT NULL',
    ...(value === null ? [] : [`DEFAULT ${value}`]),
    `ON UPDATE ${onUpdate}`,
    ...(comment === '' ? [] : [`COMMENT ${quoteText('mysql', comment)}`]),
  ].join(' ');
}

/** The table itself, made by SQL alone: no operation makes one without a key. */
function keylessTable(
  app: string,
  entity: InspectedEntity,
  all: readonly InspectedEntity[],
  editor: SchemaEditor,
): readonly Statement[] {
  const others = all.filter((other) => other !== entity).map((other) => entityState(app, other));
  const own = entityState(app, {
    ...entity,
    columns: entity.columns.map((column) => ({ ...column, primary: false, nullable: column.column.nullable })),
  });
  const tables = tablesOf(ProjectState.of([own, ...others]), editor.dialect, [`${app}.${entity.name}`]);
  const drop = `DROP TABLE ${quotedTable(editor.dialect, wholeTable(entity.table))}`;
  const steps = editor.steps(changeOf(new Map(), tables)).flatMap((step) => (step.kind === 'sql' ? [step.sql] : []));
  return steps.map((sql, index): Statement => (index === 0 ? [sql, drop] : [sql]));
}
