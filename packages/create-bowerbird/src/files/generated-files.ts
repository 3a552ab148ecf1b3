import { type ProjectFile } from '../project/project-file.js';
import { type Project } from '../project/project.js';
import { compose, composeFiles } from './compose.js';
import { dockerfile } from './dockerfile.js';
import { environmentExample, environmentFile } from './environment.js';
import { managerSettings, manifest } from './manifest.js';
import { readme } from './readme.js';
import { testDatabase } from './test-database.js';
import { workflow } from './workflow.js';

/** Readable and writable by its owner alone. */
const PRIVATE = 0o600;

/** The files that differ from one database or package manager to the next. */
export function generatedFiles(project: Project): readonly ProjectFile[] {
  const texts: Readonly<Record<string, string>> = {
    'package.json': manifest(project),
    ...managerSettings(project),
    '.env.example': environmentExample(project),
    '.github/workflows/ci.yml': workflow(project),
    Dockerfile: dockerfile(project),
    'README.md': readme(project),
    'compose.yaml': compose(project),
    ...composeFiles(project),
    'test/database.ts': testDatabase(project),
  };
  return [
    { path: '.env', text: environmentFile(project), mode: PRIVATE },
    ...Object.entries(texts).map(([path, text]) => ({ path, text })),
  ];
}
