import { type InspectedApp, type InspectedEnum } from '../model/inspected.js';
import { moduleName } from '../model/names.js';
import { printCall, quoted } from './code.js';
import { Imports } from './imports.js';

/** A file that is to be written: its path under the output folder, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The module that makes an app of the entities. */
export function appSource({ name, database, entities }: InspectedApp): string {
  const imports = new Imports();
  imports.use('Module', '@nestjs/common');
  imports.use('App', 'bowerbird/orm');
  const classes = entities.map((entity) => imports.use(entity.name, `./${entity.file}.entity.js`));
  const options = {
    name: quoted(name),
    entities: classes,
    migrations: "new URL('./migrations/', import.meta.url)",
    ...(database !== 'default' && { database: quoted(database) }),
  };
  const app = printCall('@App', [options], '');
  return `${imports.print()}\n/** The tables of an existing database. */\n${app}\n@Module({})\nexport class ${moduleName(name)} {}\n`;
}

/** The file that others import from. */
export function indexSource({ name, entities, enums }: InspectedApp): string {
  const lines = [
    `export { ${moduleName(name)} } from './${name}.module.js';`,
    ...entities.map((entity) => `export { ${entity.name} } from './${entity.file}.entity.js';`),
    ...(enums.length > 0 ? ["export * from './enums.js';"] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** All enums. */
export function enumsSource(enums: readonly InspectedEnum[]): string {
  return enums.map(enumSource).join('\n');
}

function enumSource({ name, members }: InspectedEnum): string {
  const lines = members.map((member) => `  ${member.name} = ${quoted(member.value)},\n`);
  return `export enum ${name} {\n${lines.join('')}}\n`;
}
