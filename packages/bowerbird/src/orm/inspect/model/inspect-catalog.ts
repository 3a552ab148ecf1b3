import { type Catalog, type CatalogTable, type CatalogView } from '../../catalog/catalog.js';
import { wholeTable, wholeTarget } from '../../catalog/whole-names.js';
import { EnumShelf } from './enum-shelf.js';
import { inspectColumns } from './inspect-columns.js';
import { inspectParts } from './inspect-parts.js';
import { inspectRelations, type EntityRelations } from './inspect-relations.js';
import { type InspectedApp, type InspectedEntity } from './inspected.js';
import { className, fileName, moduleName, NamePool } from './names.js';
import { notesOf } from './notes.js';
import { planProperties, type PlanContext, type PropertyPlan } from './property-plan.js';
import { selectTables } from './table-selection.js';

/** A table or view that becomes an entity. */
interface Subject {
  readonly table: CatalogTable;
  readonly name: string;
  readonly file: string;
  readonly managed: boolean;
  readonly view?: CatalogView;
  readonly remarks: readonly string[];
}

/** Everything that stays the same while the entities are read. */
interface Surroundings {
  readonly catalog: Catalog;
  readonly plans: ReadonlyMap<string, PropertyPlan>;
  readonly relations: ReadonlyMap<string, EntityRelations>;
  readonly enums: EnumShelf;
}

/** Turns what a database holds into the entities of one app. Views take part when the catalog has them. */
export function inspectCatalog(name: string, database: string, catalog: Catalog): InspectedApp {
  const { entities: tables, pairs } = selectTables(catalog.tables);
  const names = new NamePool();
  names.take(moduleName(name));
  const subjects = subjectsOf(tables, catalog.views, names);
  const classes = new Map(subjects.map((subject) => [wholeTable(subject.table), subject.name]));
  const context: PlanContext = {
    classes,
    tables: new Map(subjects.map(({ table }) => [wholeTable(table), table])),
    referred: referredColumns(catalog.tables),
  };
  const plans = new Map(subjects.map(({ table }) => [wholeTable(table), planProperties(table, context)]));
  const relations = inspectRelations({ dialect: catalog.dialect, classes, plans, pairs, tables: context.tables });
  const around: Surroundings = { catalog, plans, relations, enums: new EnumShelf(names) };
  const entities = subjects.map((subject) => entityOf(subject, around));
  return { name, database, entities, enums: around.enums.all, notes: notesOf(catalog, entities) };
}

function subjectsOf(
  tables: readonly CatalogTable[],
  views: readonly CatalogView[],
  names: NamePool,
): readonly Subject[] {
  const files = new NamePool();
  const all = [...tables.map(keyed), ...views.filter(({ columns }) => columns.length > 0).map(viewSubject)];
  return all.map((subject) => {
    const { name: table, schema } = subject.table;
    const inSchema = schema === undefined ? [] : [className(`${schema} ${table}`)];
    const name = names.take(className(table), ...inSchema);
    return { ...subject, name, file: files.take(fileName(name)) };
  });
}

type Unnamed = Omit<Subject, 'name' | 'file'>;

/** TypeORM wants a key: a table without one lends one to the entity, which migrations then leave alone. */
function keyed(table: CatalogTable): Unnamed {
  if (table.primaryKey) return { table, managed: true, remarks: [] };
  const isRequired = (name: string) => table.columns.some((column) => column.name === name && !column.nullable);
  const unique = table.uniques.find(({ columns }) => columns.every(isRequired));
  const columns = unique?.columns ?? table.columns.slice(0, 1).map(({ name }) => name);
  const stands = `${columns.join(' and ')} ${columns.length > 1 ? 'stand' : 'stands'} for it`;
  const why = unique ? stands : `${stands} and may not be unique`;
  return {
    table: { ...table, primaryKey: { name: '', columns } },
    managed: false,
    remarks: [`The table has no primary key: ${why}. Migrations leave the table alone`],
  };
}

function viewSubject(view: CatalogView): Unnamed {
  const { name, schema, comment, columns } = view;
  const key = columns.find((column) => /^id$/i.test(column.name)) ?? columns[0]!;
  return {
    view,
    managed: false,
    remarks: [`A view: ${key.name} stands for its key and may not be unique`],
    table: {
      name,
      ...(schema !== undefined && { schema }),
      comment,
      columns,
      primaryKey: { name: '', columns: [key.name] },
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
      triggers: [],
      remarks: [],
    },
  };
}

function entityOf({ table, name, file, managed, view, remarks }: Subject, around: Surroundings): InspectedEntity {
  const { catalog, plans, relations, enums } = around;
  const plan = plans.get(wholeTable(table))!;
  const { dialect } = catalog;
  const keyName = table.primaryKey?.name ?? '';
  return {
    name,
    file,
    table,
    managed,
    ...(view && { view: { definition: view.definition, materialized: view.materialized } }),
    ...(dialect === 'postgres' && keyName !== '' && { primaryKey: keyName }),
    columns: inspectColumns({ dialect, table, entity: name, plan, enums }),
    ...relations.get(wholeTable(table))!,
    ...inspectParts(table, plan, dialect),
    remarks,
  };
}

function referredColumns(tables: readonly CatalogTable[]): ReadonlyMap<string, ReadonlySet<string>> {
  const referred = new Map<string, Set<string>>();
  for (const key of tables.flatMap(({ foreignKeys }) => foreignKeys)) {
    const target = wholeTarget(key);
    const columns = referred.get(target) ?? new Set();
    for (const column of key.references) columns.add(column);
    referred.set(target, columns);
  }
  return referred;
}
