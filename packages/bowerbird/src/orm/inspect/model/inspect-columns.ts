import { type CatalogCheck, type CatalogColumn, type CatalogTable } from '../../catalog/catalog.js';
import { quotedValues } from '../../catalog/types.js';
import { type Dialect } from '../../describe/entity-description.js';
import { defaultNames } from '../../migrations/schema/names.js';
import { type EnumShelf } from './enum-shelf.js';
import { inspectDefault, isNow } from './inspect-default.js';
import { inspectType } from './inspect-type.js';
import { type InspectedColumn, type InspectedEnum, type InspectedType } from './inspected.js';
import { type PropertyPlan } from './property-plan.js';

/** What a column is read with. */
export interface ColumnSurroundings {
  readonly dialect: Dialect;
  readonly table: CatalogTable;
  /** Class of the entity. */
  readonly entity: string;
  readonly plan: PropertyPlan;
  readonly enums: EnumShelf;
}

/** The columns of a table that have a property of their own, key first. */
export function inspectColumns(around: ColumnSurroundings): readonly InspectedColumn[] {
  const { table, plan } = around;
  const columns = table.columns.filter(({ name }) => plan.columns.has(name));
  return columns.map((column) => inspectColumn(column, around));
}

function inspectColumn(column: CatalogColumn, around: ColumnSurroundings): InspectedColumn {
  const { dialect, table, plan } = around;
  const property = plan.columns.get(column.name)!;
  const primary = table.primaryKey?.columns.includes(column.name) ?? false;
  const plain = inspectType(dialect, column.type);
  const values = enumOf(column, plain, around);
  const type: InspectedType =
    values && plain.kind === 'string' ? { ...plain, kind: 'enum', name: 'simple-enum' } : plain;
  const value = inspectDefault(column, type.kind);
  const updated = type.kind === 'datetime' && isNow(column.onUpdate ?? null) && isNow(column.default);
  return {
    property,
    column,
    type,
    primary,
    nullable: column.nullable && !primary,
    ...(value && !updated && { default: value }),
    ...(values && { enum: values }),
    updated,
    ofReference: plan.references.some(({ key }) => key.columns.includes(column.name)),
    remarks: remarksOf(column, type),
  };
}

/** The enum of a column: its type's own values, or those of the check with which the framework guards one. */
function enumOf(column: CatalogColumn, { kind }: InspectedType, around: ColumnSurroundings): InspectedEnum | undefined {
  const { table, entity, plan, enums } = around;
  const { type } = column;
  const property = plan.columns.get(column.name)!;
  if (kind === 'enum')
    return enums.take(type.custom === 'enum' ? type : undefined, entity, property, type.values ?? []);
  const check = table.checks.find((each) => isValuesCheck(each, table, column));
  return check && kind === 'string'
    ? enums.take(undefined, entity, property, quotedValues(check.expression))
    : undefined;
}

/** Whether a check is the one that the framework makes for the values of an enum. */
export function isValuesCheck(check: CatalogCheck, { name: table }: CatalogTable, { name }: CatalogColumn): boolean {
  return check.name === defaultNames.values(table, name);
}

function remarksOf(
  { type, counter, collation, onUpdate }: CatalogColumn,
  { unknown }: InspectedType,
): readonly string[] {
  return [
    ...(unknown
      ? [
          `The type ${type.text === '' ? 'is not said' : `"${type.text}" is unknown to TypeORM`}: the value is what the driver gives`,
        ]
      : []),
    ...(counter === 'identity always' ? ['Counts always; in a database that is made anew a value may be given'] : []),
    ...(collation === undefined ? [] : [`Collation ${collation}`]),
    ...(onUpdate !== undefined && !isNow(onUpdate) ? [`The database writes ${onUpdate} on each change`] : []),
  ];
}
