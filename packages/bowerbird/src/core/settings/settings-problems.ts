import { inspect } from 'node:util';

import { CheckReport } from '../checks/check-report.js';
import { error, type Finding } from '../checks/finding.js';
import { FrameworkError } from '../errors/framework.error.js';
import { isSecretName, MASK } from '../text/mask.js';

/** One setting that is wrong. */
export interface SettingsProblem {
  readonly id: string;
  /** `settings.sessions.maxAge`. */
  readonly path: string;
  readonly got: unknown;
  readonly expected: string;
  readonly hint: string;
}

/** Collects every wrong setting, so that one report names them all. */
export class SettingsProblems {
  private readonly list: SettingsProblem[] = [];

  add(problem: SettingsProblem): void {
    this.list.push(problem);
  }

  get all(): readonly SettingsProblem[] {
    return this.list;
  }

  /** The problems as check findings; values of settings with secret-looking names are masked. */
  toFindings(): readonly Finding[] {
    return this.list.map(({ id, path, got, expected, hint }) =>
      error(id, `Expected ${expected}, got ${isSecretName(path.split('.').at(-1)!) ? MASK : show(got)}`, {
        at: path,
        hint,
      }),
    );
  }
}

function show(value: unknown): string {
  return inspect(value, { depth: 1, maxStringLength: 80, maxArrayLength: 5, breakLength: Infinity });
}

/** The application's settings cannot be used; the report names every problem at once. */
export class SettingsError extends FrameworkError {
  readonly code = 'core.settings';
  readonly report: CheckReport;

  constructor(problems: SettingsProblems) {
    const report = new CheckReport(problems.toFindings());
    super(`The settings have ${problems.all.length} problem(s)\n\n${report.toText()}`);
    this.report = report;
  }
}
