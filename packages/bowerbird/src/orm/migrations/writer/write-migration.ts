import { type NewMigration } from '../autodetector/assemble.js';
import { printText, printValue } from './print.js';

/** What a squashed migration says beside its operations. */
export interface SquashedParts {
  /** Names of the migrations that it stands for. */
  readonly replaces?: readonly string[];
  /** Files whose code it uses: the name in the text, and the file beside it. */
  readonly imports?: readonly { readonly name: string; readonly file: string }[];
}

/** The text of a migration file. `door` is where it imports from. */
export function migrationSource(
  { app, dependencies, operations }: NewMigration,
  door: string,
  { replaces = [], imports = [] }: SquashedParts = {},
): string {
  const calls = operations.map((operation) => operation.call(app));
  const names = operations.length > 0 ? 'Migration, ops' : 'Migration';
  return [
    `import { ${names} } from ${printText(door)};\n`,
    imports.length > 0 ? '\n' : '',
    ...imports.map(({ name, file }) => `import ${name} from './${file}.js';\n`),
    '\nexport default new Migration({\n',
    replaces.length > 0 ? `  replaces: ${printValue(replaces, '  ', 'replaces: ,'.length)},\n` : '',
    dependencies.length > 0 ? `  dependencies: ${printValue(dependencies, '  ', 'dependencies: ,'.length)},\n` : '',
    `  operations: ${printValue(calls, '  ', 'operations: ,'.length)},\n`,
    '});\n',
  ].join('');
}
