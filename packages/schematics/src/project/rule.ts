import type { Rule } from '@angular-devkit/schematics';

import { Project, type Place } from './project.js';

/** What a generator does to the files of a project. Returns what the user should do next, a line each. */
export type Generate<O extends Place> = (project: Project, options: O) => readonly string[];

/** A generator as the devkit runs it. The files change when it ends; where it throws, none does. */
export function ruleOf<O extends Place>(generate: Generate<O>): (options: O) => Rule {
  return (options) => (tree, context) => {
    for (const note of generate(new Project(tree, options), options)) context.logger.info(note);
    return tree;
  };
}
