import { relative } from 'node:path';

import { defaultAnswers, type Answers } from './answers/answers.js';
import { readCommandLine, type CommandLine } from './answers/command-line.js';
import { HELP } from './answers/help.js';
import { runningManager, versionOf } from './answers/package-manager.js';
import { equivalentCommand, projectFiles } from './create.js';
import { Problem } from './problem.js';
import { installPackages, type Installed } from './project/install.js';
import { nextSteps } from './project/next-steps.js';
import { describeProject, type Project } from './project/project.js';
import { makeRepository } from './project/repository.js';
import { createSecrets } from './project/secrets.js';
import { findTarget, type Target } from './project/target.js';
import { uninterrupted } from './project/uninterrupted.js';
import { writeProject } from './project/write-project.js';
import { VERSIONS } from './versions.js';

/** What the program knows of its surroundings. */
export interface Surroundings {
  readonly workingFolder: string;
  /** Whether somebody sits at a terminal who can be asked. */
  readonly interactive: boolean;
  /** How the package manager that runs this introduces itself. */
  readonly userAgent: string | undefined;
  readonly print: (text: string) => void;
}

/** How the installation ended, or that there was none: what is told, and the exit code. */
const ENDINGS: Readonly<Record<Installed | 'left', readonly [text: string, exitCode: number]>> = {
  done: ['', 0],
  left: ['', 0],
  failed: ['\nThe project is there, its packages are not: the installation failed.\n', 1],
  stopped: ['\nThe project is there, its packages are not: the installation was stopped.\n', 130],
};

/** Makes the project that the arguments and the answers ask for. Returns the exit code. @throws Problem, Cancelled */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { print } = surroundings;
  const line = readCommandLine(argv);
  if (line.help || line.version) {
    print(line.help ? HELP : `${VERSIONS.bowerbird}\n`);
    return 0;
  }
  const answers = await complete(line, surroundings);
  const target = findTarget(answers.name, surroundings.workingFolder);
  const version = versionOf(answers.packageManager, surroundings.userAgent);
  requireManager(answers, version);
  const project = describeProject(target, answers, version, createSecrets());
  const files = projectFiles(project);
  const stopped = await uninterrupted(() => writeProject(target, files));
  print(`\nMade ${files.length} files in ${target.folder}\n`);
  const exitCode = await settle(project, answers, target, surroundings, stopped);
  print(`\nThe same without questions:\n\n  ${equivalentCommand(project, answers)}\n`);
  return exitCode;
}

/** Asks where that is possible and wanted; takes defaults otherwise. */
async function complete({ answers, yes }: CommandLine, { interactive, userAgent, workingFolder }: Surroundings) {
  // What cannot become a project is told before anything is asked.
  if (answers.name !== undefined) findTarget(answers.name, workingFolder);
  const defaults = defaultAnswers(runningManager(userAgent));
  if (interactive && !yes) {
    const { ask } = await import('./answers/questions.js');
    return ask(answers, defaults);
  }
  const { name } = answers;
  if (name !== undefined) return { ...defaults, ...answers, name };
  throw new Problem('There is no name for the project', 'Write it first: npm create bowerbird@latest shop');
}

function requireManager({ install, packageManager }: Answers, version: string | undefined): void {
  if (!install || version !== undefined) return;
  const hint = `Install ${packageManager} first, or use --no-install or another --package-manager`;
  throw new Problem(`${packageManager} does not run here`, hint, 1);
}

/** Makes the repository and installs the packages where that is wanted, and says what is left to do. */
async function settle(
  project: Project,
  { git, install }: Answers,
  { folder }: Target,
  { print, workingFolder }: Surroundings,
  stopped: boolean,
): Promise<number> {
  const noRepository = git && !stopped ? makeRepository(folder) : undefined;
  if (noRepository) print(`No repository was made: ${noRepository}.\n`);
  const outcome = stopped ? 'stopped' : install ? await installPackages(folder, project.manager) : 'left';
  const [text, exitCode] = ENDINGS[outcome];
  print(text);
  const away = relative(workingFolder, folder);
  const steps = [...(away ? [`cd ${away}`] : []), ...nextSteps(project, outcome === 'done')];
  print(`\nNext:\n\n${steps.map((step) => `  ${step}\n`).join('')}`);
  print('\nThen open http://127.0.0.1:8000/. README.md in the project has the rest.\n');
  return exitCode;
}
