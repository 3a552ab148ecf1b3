import { fileURLToPath } from 'node:url';

import { logging } from '@angular-devkit/core';
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';

import { writeFiles, type FileWrite } from './write-files.js';

/** A generator to run. */
export interface SchematicRun {
  readonly schematic: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Folder of the project. */
  readonly root: string;
  /** Write nothing. */
  readonly dryRun: boolean;
}

/** What a generator did, or would do. */
export interface SchematicReport {
  readonly files: readonly FileWrite[];
  /** What the user should do next. */
  readonly notes: readonly string[];
}

const COLLECTION = fileURLToPath(new URL('../../collection.json', import.meta.url));

/** Runs a generator in this process, without the Nest CLI. Where it throws, no file has changed. */
export async function runSchematic({ schematic, options, root, dryRun }: SchematicRun): Promise<SchematicReport> {
  const files: FileWrite[] = [];
  const notes: string[] = [];
  const logger = new logging.Logger('bowerbird');
  logger.subscribe(({ message }) => notes.push(message));
  // The workflow writes one file after the other, whatever becomes of the next one; so it only says what it would write.
  const workflow = new NodeWorkflow(root, { dryRun: true });
  workflow.reporter.subscribe((event) => {
    if (event.kind === 'create' || event.kind === 'update') {
      files.push({
        path: event.path.replace(/^\//, ''),
        content: Buffer.from(event.content),
        isNew: event.kind === 'create',
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    workflow
      .execute({ collection: COLLECTION, schematic, options, logger })
      .subscribe({ error: reject, complete: resolve });
  });
  if (!dryRun) writeFiles(root, files);
  return { files, notes };
}
