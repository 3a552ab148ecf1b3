import { posix } from 'node:path';

import { type Project } from '../project/project.js';

/** A migration by its file. */
export interface NumberedName {
  /** `0002_prices` */
  readonly name: string;
  /** The number that the next one follows. A squashed migration counts as the last one that it stands for. */
  readonly number: number;
  /** Whether it stands for several others. */
  readonly squashed: boolean;
}

/** The migrations of a folder. */
export function numberedNames(project: Project, folder: string): readonly NumberedName[] {
  return project
    .sources(folder)
    .filter((path) => posix.dirname(path) === folder)
    .map((path) => posix.basename(path).replace(/\.m?ts$/, ''))
    .filter((name) => /^\d{4,}_/.test(name))
    .map((name) => {
      const lastReplaced = /_squashed_(\d{4,})/.exec(name)?.[1];
      const number = Math.max(Number.parseInt(name, 10), Number(lastReplaced ?? 0));
      return { name, number, squashed: lastReplaced !== undefined };
    });
}
