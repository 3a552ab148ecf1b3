import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { moduleOf, ROOT, type Block } from './markdown.js';

const FOLDER = join(ROOT, 'node_modules/.cache/docs/examples');
const WORLD = join(ROOT, 'test/integration/docs/world.ts');

const DOORS = 'orm http core auth admin forms templates testing audit security sessions storage'.split(' ');
/** Examples leave imports out that readers can guess; a name comes from the first of these that has it. */
const MODULES = [
  'world',
  'bowerbird',
  ...DOORS.map((door) => `bowerbird/${door}`),
  '@nestjs/common',
  'typeorm',
  'class-validator',
  'vitest',
];

/** Cannot find name … (with and without a suggestion, and in `{ name }`). */
const UNKNOWN_NAME: ReadonlySet<number> = new Set([2304, 2552, 18004]);

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['bowerbird-source'],
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  paths: { world: [WORLD] },
  strict: true,
  strictPropertyInitialization: false,
  useDefineForClassFields: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
};

/** A block as a file that is checked. */
interface Example {
  readonly block: Block;
  readonly path: string;
  readonly source: string;
}

/** What is wrong with each block, by its place in the docs; empty when all is well. */
export function typeErrors(blocks: readonly Block[]): readonly string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const bare = blocks.map((block, index): Example => {
    const path = join(FOLDER, `${String(index).padStart(3, '0')}.ts`);
    return { block, path, source: `${moduleOf(block)}\nexport {};\n` };
  });
  writeNeighbors(bare);
  const first = programOf(bare);
  const exports = exportsOf(first);
  const whole = bare.map((example) => ({ ...example, source: withImports(example, first, exports) }));
  const second = programOf(whole, first);
  return whole.flatMap((example) => errorsOf(example, second));
}

/** The JavaScript of an example that runs: one that imports all that it needs. */
export function compile(block: Block): string {
  return ts.transpileModule(moduleOf(block), { compilerOptions: { ...OPTIONS, module: ts.ModuleKind.ESNext } })
    .outputText;
}

/** Whatever an example imports from a file beside it comes from the world. */
function writeNeighbors(examples: readonly Example[]): void {
  for (const { source } of examples)
    for (const [, name] of source.matchAll(/from '\.\/([\w.-]+)\.js'/g))
      writeFileSync(join(FOLDER, `${name}.ts`), `export * from 'world';\n`);
}

/** Writes the examples down, for whoever wants to look at one, and reads them with the compiler. */
function programOf(examples: readonly Example[], old?: ts.Program): ts.Program {
  for (const { path, source } of examples) writeFileSync(path, source);
  const probe = join(FOLDER, 'modules.ts');
  writeFileSync(probe, MODULES.map((name, index) => `import * as m${index} from '${name}';\nm${index};`).join('\n'));
  return ts.createProgram([probe, ...examples.map(({ path }) => path)], OPTIONS, undefined, old);
}

/** Every name that an example may use without importing it, and its module. */
function exportsOf(program: ts.Program): ReadonlyMap<string, string> {
  const checker = program.getTypeChecker();
  const probe = program.getSourceFile(join(FOLDER, 'modules.ts'))!;
  const found = new Map<string, string>();
  for (const statement of probe.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    const { text } = statement.moduleSpecifier as ts.StringLiteral;
    if (!module) throw new Error(`The examples cannot import ${text}`);
    for (const { name } of checker.getExportsOfModule(module)) if (!found.has(name)) found.set(name, text);
  }
  return found;
}

function withImports({ path, source }: Example, program: ts.Program, exports: ReadonlyMap<string, string>): string {
  const file = program.getSourceFile(path)!;
  const names = new Set(
    program
      .getSemanticDiagnostics(file)
      .filter(({ code }) => UNKNOWN_NAME.has(code))
      .map(({ start, length }) => file.text.slice(start, start! + length!)),
  );
  const lines = [...names]
    .filter((name) => exports.has(name))
    .map((name) => `import { ${name} } from '${exports.get(name)}';`);
  // On one line, so that the lines of the example stay where they are.
  return `${lines.join(' ')}\n${source}`;
}

function errorsOf({ block, path }: Example, program: ts.Program): readonly string[] {
  const file = program.getSourceFile(path)!;
  const all = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return all.map(({ start = 0, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 300);
    const code = file.text.split('\n')[file.getLineAndCharacterOfPosition(start).line]!.trim();
    return `${block.page}:${block.line}: ${text}\n    ${code}\n    (${path})`;
  });
}
