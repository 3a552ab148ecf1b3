import { wholeTable } from '../../catalog/whole-names.js';
import { defaultNames } from '../../migrations/schema/names.js';
import { type DeclaredRules } from '../model/declared-index.js';
import { type InspectedApp, type InspectedEntity, type InspectedSet } from '../model/inspected.js';
import { commentText, printCall, quoted, type Code, type CodeObject } from './code.js';
import { columnSource } from './column-source.js';
import { Imports } from './imports.js';
import { RelationWriter } from './relation-source.js';

/** The text of the file of one entity. */
export function entitySource(entity: InspectedEntity, { entities }: InspectedApp): string {
  const imports = new Imports();
  const files = new Map(entities.map(({ name, file }) => [name, file]));
  const writer = new RelationWriter(entity, files, imports);
  const members = [
    ...entity.columns.map((column) => columnSource(column, entity.primaryKey, imports)),
    ...entity.references.map((reference) => writer.reference(reference)),
    ...entity.pairs.map((pairs) => writer.pairs(pairs)),
    ...entity.inverses.map((inverse) => writer.inverse(inverse)),
  ];
  const head = headOf(entity, imports);
  for (const column of entity.columns) if (column.enum) imports.use(column.enum.name, './enums.js');
  return `${imports.print()}\n${head}export class ${entity.name} {\n${members.join('\n')}}\n`;
}

function headOf(entity: InspectedEntity, imports: Imports): string {
  const { table, view, managed, uniques, indexes, special, checks, exclusions, remarks } = entity;
  const decorate = (name: string, args: readonly Code[], from = 'typeorm'): string =>
    `${printCall(`@${imports.use(name, from)}`, args, '')}\n`;
  const what =
    table.comment === '' ? `${view ? 'Rows of the view' : 'Rows of the table'} ${wholeTable(table)}.` : table.comment;
  return [
    docComment([commentText(what), ...remarks.map((remark) => `${commentText(remark)}.`)]),
    ...special.map(
      ({ name, parts }) =>
        `// Made by the migration alone: index ${commentText(name)} (${commentText(partsText(parts))}).\n`,
    ),
    decorate('Entity', [entityArgument(entity)]),
    ...(managed ? [] : [decorate('Meta', [{ managed: 'false' }], 'bowerbird/orm')]),
    ...uniques
      .filter((set) => !isOwnOfReference(entity, set))
      .map((set) => decorate('Unique', setArguments(entity, set))),
    ...indexes.map((set) =>
      set.rules
        ? decorate('TableIndex', [quoted(set.name), tableIndexOptions(set, set.rules, imports)], 'bowerbird/orm')
        : decorate('Index', [...setArguments(entity, set), indexOptions(set)]),
    ),
    ...checks.map(({ name, expression }) => decorate('Check', [...nameArgument(name), quoted(expression)])),
    ...exclusions.map(({ name, expression }) => decorate('Exclusion', [quoted(name), quoted(expression)])),
  ].join('');
}

function entityArgument({ table, view, managed }: InspectedEntity): Code {
  const name = quoted(table.name);
  const options = {
    ...(table.schema !== undefined && { schema: quoted(table.schema) }),
    ...(view || !managed ? { synchronize: 'false' } : table.comment !== '' && { comment: quoted(table.comment) }),
  };
  return Object.keys(options).length === 0 ? name : { name, ...options };
}

function docComment(lines: readonly string[]): string {
  if (lines.length === 1) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}

function partsText(parts: InspectedEntity['table']['indexes'][number]['parts']): string {
  return parts
    .map(({ column, expression, descending }) => `${column ?? expression}${descending ? ' desc' : ''}`)
    .join(', ');
}

/** TypeORM makes the set of a one-to-one reference by itself, unless it has another name. */
export function isOwnOfReference(
  { table, references }: InspectedEntity,
  { name, paths, columns }: InspectedSet,
): boolean {
  const own = references.some(({ kind, property }) => kind === 'one-to-one' && paths.join('\0') === property);
  return own && isUsualUnique(table.name, name, columns);
}

/** Whether a unique set has a name that TypeORM gives on some database, or none. */
export function isUsualUnique(table: string, name: string, columns: readonly string[]): boolean {
  const { unique, index, oneToOne } = defaultNames;
  return name === '' || [unique, index, oneToOne].some((nameOf) => nameOf(table, columns) === name);
}

function setArguments({ table }: InspectedEntity, { name, paths, columns, where }: InspectedSet): readonly Code[] {
  const usual = isUsualUnique(table.name, name, columns) || name === defaultNames.index(table.name, columns, where);
  return [...(usual ? [] : [quoted(name)]), paths.map((path) => quoted(path))];
}

function indexOptions({ unique, where, fullText }: InspectedSet): CodeObject {
  return {
    ...(unique && { unique: 'true' }),
    ...(where !== undefined && { where: quoted(where) }),
    ...(fullText && { fulltext: 'true' }),
  };
}

function tableIndexOptions({ paths, where }: InspectedSet, rules: DeclaredRules, imports: Imports): CodeObject {
  const { expressions, descending, operators, using } = rules;
  const directed = paths.map((path, place) => quoted(descending?.[place] ? `-${path}` : path));
  const raw = (sql: string): Code => `${imports.use('rawSql', 'bowerbird/orm')}(${quoted(sql)})`;
  return {
    ...(expressions ? { expressions: expressions.map(raw) } : { fields: directed }),
    ...(where !== undefined && { where: quoted(where) }),
    ...(using !== undefined && { using: quoted(using) }),
    ...(operators && { operators: operators.map((each) => quoted(each)) }),
  };
}

function nameArgument(name: string): readonly Code[] {
  return name === '' ? [] : [quoted(name)];
}
