import { type Answers } from './answers/answers.js';
import { generatedFiles } from './files/generated-files.js';
import { type ProjectFile } from './project/project-file.js';
import { type Project } from './project/project.js';
import { templateFiles } from './project/template-files.js';

/** Every file of a project, sorted by path. */
export function projectFiles(project: Project): readonly ProjectFile[] {
  const files = [...templateFiles(project), ...generatedFiles(project)];
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The command that makes the same project without asking. */
export function equivalentCommand(project: Project, { name, git, install }: Answers): string {
  const { manager, template, database } = project;
  const options = [
    `--template ${template}`,
    `--database ${database}`,
    `--package-manager ${manager.name}`,
    git ? '--git' : '--no-git',
    install ? '--install' : '--no-install',
  ];
  return `${manager.create} ${name} ${manager.separator}${options.join(' ')}`;
}
