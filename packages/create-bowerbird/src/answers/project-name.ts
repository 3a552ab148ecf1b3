import { isBuiltin } from 'node:module';

import { Problem } from '../problem.js';
import { VERSIONS } from '../versions.js';

/** Names that npm allows for new packages: https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const NAME = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

/** Longer ones npm does not take. */
const LONGEST = 214;

/** Windows keeps these for devices, with any ending. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

const HINT = 'Use small letters, digits, hyphens, dots and underscores, such as "shop" or "@acme/shop"';

/** What is wrong with the name of a project, in one sentence; undefined when it will do. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'A project needs a name';
  if (/[/\\]/.test(name.replace(/^@[^/\\]+\//, '')) || /^\.\.?$/.test(folderOf(name)))
    return `"${name}" is a path; a project is made in a folder of the current one`;
  if (name.length > LONGEST) return `The name has ${name.length} characters; npm takes ${LONGEST}`;
  if (!NAME.test(name)) return `"${name}" cannot be the name of a package`;
  return takenProblem(name);
}

/** The name of the folder: that of the package without its scope. */
export function folderOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** @throws Problem when a project cannot have the name */
export function checkName(name: string): string {
  const problem = nameProblem(name);
  if (problem) throw new Problem(problem, HINT);
  return name;
}

function takenProblem(name: string): string | undefined {
  if (name in VERSIONS) return `"${name}" is a package that the project needs`;
  if (isBuiltin(name) || name === 'node_modules' || name === 'favicon.ico') return `"${name}" has a meaning of its own`;
  return DEVICES.test(folderOf(name)) ? `"${name}" is no name for a folder on Windows` : undefined;
}
