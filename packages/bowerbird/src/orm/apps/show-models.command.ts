import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, didYouMean, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { Databases } from '../connection/databases.js';
import {
  type EntityDescription,
  type FieldDescription,
  type RelationDescription,
} from '../describe/entity-description.js';
import { wholeName } from '../migrations/schema/table-name.js';
import { AppRegistry } from './app-registry.js';

/** `showmodels`: apps, their entities, fields and relations, as the framework has understood them. */
@Injectable()
@Command({
  name: 'showmodels',
  description: 'List apps, entities, fields and relations',
  arguments: [
    {
      name: 'entities',
      description: 'apps (shop) and entities (shop.product); all by default',
      optional: true,
      variadic: true,
    },
  ],
  options: [{ flags: '--json', description: 'print as JSON' }],
})
export class ShowModelsCommand extends ManagementCommand {
  constructor(
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Databases) private readonly databases: Databases,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const entities = this.chosen([args.entities ?? []].flat());
    if (options.json) return io.out(JSON.stringify(entities.map(asData), null, 2));
    for (const entity of entities) for (const line of linesOf(entity)) io.out(line);
  }

  /** @throws CommandError for a name that is neither an app nor an entity */
  private chosen(names: readonly string[]): readonly EntityDescription[] {
    const all = this.databases.descriptions.withProxies();
    const known = [...this.apps.all().map(({ name }) => name), ...all.map(({ key }) => key)];
    for (const name of names)
      if (!known.includes(name))
        throw new CommandError(`No app and no entity is named "${name}"`, { hint: didYouMean(name, known) });
    return names.length === 0 ? all : all.filter(({ app, key }) => names.includes(app) || names.includes(key));
  }
}

function asData(entity: EntityDescription) {
  const { key, name, app, database, table, schema, apart, proxyOf, primaryKey, fields, relations } = entity;
  return {
    key,
    name,
    app,
    database,
    table,
    ...(apart && { schema }),
    ...(proxyOf && { proxyOf: proxyOf.key }),
    primaryKey,
    fields: fields.map(({ path, column, kind, nullable, unique, generated, length, choices }) => ({
      path,
      column,
      kind,
      nullable,
      unique,
      generated,
      ...(length !== undefined && { length }),
      ...(choices && { choices: choices.map(({ value }) => value) }),
    })),
    relations: relations.map((relation) => ({
      path: relation.path,
      kind: relation.kind,
      target: relation.target.name,
      nullable: relation.nullable,
      onDelete: relation.onDelete,
      ...(relation.inverse !== undefined && { inverse: relation.inverse }),
      ...(relation.junction && { table: relation.junction.table }),
    })),
  };
}

function linesOf(entity: EntityDescription): readonly string[] {
  const rows = [
    ...entity.fields.map((field) => [field.path, typeOf(field), notesOf(field, entity).join(', ')]),
    ...entity.relations.map((relation) => [relation.path, relation.target.name, notesOfRelation(relation).join(', ')]),
  ];
  const [first, second] = [0, 1].map((index) => Math.max(0, ...rows.map((row) => row[index]!.length)));
  const lines = rows.map(([path, type, notes]) =>
    `  ${path!.padEnd(first!)}  ${type!.padEnd(second!)}  ${notes!}`.trimEnd(),
  );
  const table = wholeName(entity.table, entity.apart && entity.schema);
  const place = entity.database === 'default' ? table : `${entity.database}: ${table}`;
  if (entity.proxyOf) return [`${entity.key} (proxy of ${entity.proxyOf.key})`, ''];
  return [`${entity.key} (${place})`, ...lines, ''];
}

function typeOf({ kind, length, precision, scale }: FieldDescription): string {
  if (length !== undefined) return `${kind}(${length})`;
  return precision === undefined ? kind : `${kind}(${precision}, ${scale ?? 0})`;
}

function notesOf({ path, nullable, unique, generated, relation }: FieldDescription, { primaryKey }: EntityDescription) {
  return [
    ...(primaryKey.includes(path) ? ['key'] : []),
    ...(generated ? [generated] : []),
    ...(nullable ? ['nullable'] : []),
    ...(unique ? ['unique'] : []),
    ...(relation === undefined ? [] : [`of ${relation}`]),
  ];
}

function notesOfRelation({
  kind,
  nullable,
  owning,
  onDelete,
  onDeleteSet,
  inverse,
}: RelationDescription): readonly string[] {
  const refers = owning && kind !== 'many-to-many';
  return [
    kind,
    ...(refers && nullable ? ['nullable'] : []),
    ...(refers && onDelete !== 'no-action' ? [`on delete ${onDelete}`] : []),
    ...(onDeleteSet ? ['on delete set'] : []),
    ...(inverse === undefined ? [] : [`inverse ${inverse}`]),
  ];
}
