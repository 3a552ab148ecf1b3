import { type NewMigration } from '../autodetector/assemble.js';
import { printText, printValue } from './print.js';

/** The text of a migration file. `door` is where it imports from. */
export function migrationSource({ app, dependencies, operations }: NewMigration, door: string): string {
  const references = dependencies.map((reference) => `[${reference.map(printText).join(', ')}]`);
  const calls = operations.map((operation) => operation.call(app));
  const names = operations.length > 0 ? 'Migration, ops' : 'Migration';
  return [
    `import { ${names} } from ${printText(door)};\n\n`,
    'export default new Migration({\n',
    references.length > 0 ? `  dependencies: [${references.join(', ')}],\n` : '',
    `  operations: ${printValue(calls, '  ', 'operations: ,'.length)},\n`,
    '});\n',
  ].join('');
}
