import { posix } from 'node:path';

import { kebab } from '../names/words.js';
import { addProvider } from '../project/app-edits.js';
import { type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions, type Target } from '../project/target.js';
import { writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';

/** The options of its schema. */
export interface MiddlewareOptions extends PartOptions {
  /** How far behind `Slot.App` it stands; the next free ten unless said otherwise. */
  readonly slot?: number;
}

/** Writes a step of the request pipeline with a test, and lists it among the providers of its app. */
export function generateMiddleware(project: Project, options: MiddlewareOptions): readonly string[] {
  const target = targetOf(project, options, 'a middleware');
  const { app, file } = target;
  const className = `${target.className}Middleware`;
  const path = posix.join(app.folder, `${file}.middleware.ts`);
  if (!project.has(path)) project.create(path, middlewareCode(className, file, slotFor(project, options.slot)));
  if (options.skipImport === true) return [];
  addProvider(project, app, className, path);
  return options.spec === false ? [] : writeTest(project, target);
}

/** The rule that the devkit runs. */
export const main = ruleOf<MiddlewareOptions>(generateMiddleware);

/** Each number of the pipeline is taken once. @throws SchematicError where the wished one is taken */
function slotFor(project: Project, wished: number | undefined): number {
  const taken = takenSlots(project);
  if (wished === undefined) return Math.floor(Math.max(0, ...taken) / 10) * 10 + 10;
  if (!Number.isInteger(wished) || wished < 0) {
    throw new SchematicError(`${wished} is no place in the pipeline`, 'A whole number from 0, counted from Slot.App');
  }
  if (taken.includes(wished))
    throw new SchematicError(`Slot.App + ${wished} is taken`, 'Leave out --slot for a free one');
  return wished;
}

/** Places behind `Slot.App` that the project's own middleware has. */
function takenSlots(project: Project): readonly number[] {
  const paths = new Set(project.sourceRoots.flatMap((root) => project.sources(root)));
  return [...paths]
    .map((path) => project.read(path))
    .filter((text) => text.includes('@HttpMiddleware('))
    .flatMap((text) => [...text.matchAll(/\bslot:\s*Slot\.App\b(?:\s*\+\s*(\d+))?/g)])
    .map(([, number = '0']) => Number(number));
}

function middlewareCode(className: string, file: string, slot: number): string {
  const place = slot === 0 ? 'Slot.App' : `Slot.App + ${slot}`;
  return [
    "import { Injectable } from '@nestjs/common';",
    "import { HttpMiddleware, HttpMiddlewareProvider, Slot, type HttpHandler } from 'bowerbird/http';",
    '',
    `@HttpMiddleware({ slot: ${place} })`,
    '@Injectable()',
    `export class ${className} extends HttpMiddlewareProvider {`,
    '  createHandler(): HttpHandler {',
    '    return (_request, response, next) => {',
    `      response.setHeader('${headerOf(file)}', 'passed');`,
    '      next();',
    '    };',
    '  }',
    '}\n',
  ].join('\n');
}

function writeTest(project: Project, { app, file }: Target): readonly string[] {
  return writeAppTest(project, app, `${file}.middleware`, {
    imports: [],
    tests: [
      [
        "it('is passed by requests', async () => {\n",
        "  const page = await app.client().get('/accounts/login/');\n",
        `  expect(page.header('${headerOf(file)}')).toBe('passed');\n`,
        '});\n',
      ].join(''),
    ],
  });
}

/** `X-Request-Timing`, so that somebody sees the step at work. */
function headerOf(file: string): string {
  const words = kebab(file)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `X-${words.join('-')}`;
}
