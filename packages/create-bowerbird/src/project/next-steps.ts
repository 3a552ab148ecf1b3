import { type Project } from './project.js';

/** The commands that lead from a made project to its first page. */
export function nextSteps(project: Project, installed: boolean): readonly string[] {
  const { manager, database } = project;
  return [
    ...(installed ? [] : [`${manager.name} install`]),
    ...(database === 'sqlite' ? [] : ['docker compose up --detach --wait']),
    `${manager.run} manage migrate`,
    `${manager.run} manage createsuperuser ${manager.separator}--email you@example.com`,
    `${manager.run === 'npm run' ? 'npm' : manager.run} start`,
  ];
}
