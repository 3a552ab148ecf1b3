import { posix } from 'node:path';

import { callWith, quoted } from '../code/literals.js';
import { addProvider } from '../project/app-edits.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';

/** The options of its schema. */
export interface JobOptions extends PartOptions {
  /** The queue of the job; the default one unless given. */
  readonly queue?: string;
  /** How often it is tried; as the settings say unless given. */
  readonly attempts?: number;
}

/** A job as it is written. */
interface NewJob {
  readonly className: string;
  /** `catalog.resize-photo`, under which it is stored. */
  readonly name: string;
  /** Of the file, without its end. */
  readonly file: string;
}

const LONGEST_NAME = 100;
const LONGEST_QUEUE = 50;
const MOST_ATTEMPTS = 1_000;

/** Writes a background job with a test, and lists it among the providers of its app. */
export function generateJob(project: Project, options: JobOptions): readonly string[] {
  const { app, ...target } = targetOf(project, options, 'a job');
  checkOptions(options);
  const file = target.file.replace(/(?<=.)-job$/, '');
  const job: NewJob = {
    className: `${target.className.replace(/(?<=.)Job$/, '')}Job`,
    name: `${app.name}.${file}`,
    file,
  };
  if (job.name.length > LONGEST_NAME)
    throw new SchematicError(`"${job.name}" is too long`, `Names of jobs have at most ${LONGEST_NAME} characters`);
  const path = posix.join(app.folder, `${file}.job.ts`);
  project.create(path, jobCode(job, options));
  if (options.skipImport === true) return [];
  addProvider(project, app, job.className, path);
  if (options.spec === false) return [];
  const test = testPath(project, app, `${file}.job`);
  return writeAppTest(project, app, `${file}.job`, {
    imports: [
      ['bowerbird/jobs', 'Jobs'],
      [specifier(test, path), job.className],
    ],
    tests: [testCode(job)],
  });
}

/** The rule that the devkit runs. */
export const main = ruleOf<JobOptions>(generateJob);

/** @throws SchematicError */
function checkOptions({ queue, attempts }: JobOptions): void {
  if (queue !== undefined && (queue.trim() === '' || queue.length > LONGEST_QUEUE))
    throw new SchematicError(`"${queue}" is no name for a queue`, `1 to ${LONGEST_QUEUE} characters`);
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1 && attempts <= MOST_ATTEMPTS))
    throw new SchematicError(`A job cannot be tried ${attempts} times`, `A whole number from 1 to ${MOST_ATTEMPTS}`);
}

function jobCode({ className, name }: NewJob, { queue, attempts }: JobOptions): string {
  const payload = `${className.replace(/Job$/, '')}Payload`;
  const options: [string, string][] = [['name', quoted(name)]];
  if (queue !== undefined) options.push(['queue', quoted(queue.trim())]);
  if (attempts !== undefined) options.push(['attempts', String(attempts)]);
  return [
    "import { Logger } from '@nestjs/common';",
    "import { BackgroundJob, Job, type JobAttempt } from 'bowerbird/jobs';",
    '',
    '/** What the job has to know: keys rather than rows, and nothing that JSON cannot hold. */',
    `export interface ${payload} {`,
    '  readonly id: number;',
    '}',
    '',
    callWith('@Job(', options, ')'),
    `export class ${className} extends BackgroundJob<${payload}> {`,
    `  private readonly logger = new Logger(${className}.name);`,
    '',
    `  /** May run again after it has done its work: its worker can be lost before that is stored. */`,
    `  async run({ id }: ${payload}, { number, signal }: JobAttempt): Promise<void> {`,
    '    signal.throwIfAborted();',
    '    this.logger.log(`${id}, attempt ${number}`);',
    '  }',
    '}\n',
  ].join('\n');
}

function testCode({ className, name }: NewJob): string {
  return [
    "it('runs when a worker takes it', async () => {\n",
    `  await app.get(Jobs).enqueue(${className}, { id: 1 });\n`,
    `  expect(await app.jobs.waiting(${className})).toMatchObject([{ payload: { id: 1 } }]);\n`,
    `  expect(await app.jobs.runAll()).toMatchObject([{ job: '${name}', outcome: 'finished' }]);\n`,
    '});\n',
  ].join('');
}
