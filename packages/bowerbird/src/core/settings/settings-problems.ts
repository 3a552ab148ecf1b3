import { CheckReport } from '../checks/check-report.js';
import { error, type Finding } from '../checks/finding.js';
import { FrameworkError } from '../errors/framework.error.js';
import { MASK } from '../text/mask.js';
import { isHiddenName, showValue } from '../text/show-value.js';
import { type SettingsProblem } from './settings-problem.js';

/** Collects every wrong setting, so that one report names them all. */
export class SettingsProblems {
  private readonly list: SettingsProblem[] = [];

  /** Keeps a problem; the same one may be met in several settings. */
  add(problem: SettingsProblem): void {
    if (!this.list.includes(problem)) this.list.push(problem);
  }

  get all(): readonly SettingsProblem[] {
    return this.list;
  }

  /** The problems as check findings; nothing secret of the values is shown. */
  toFindings(): readonly Finding[] {
    return this.list.map(({ id, path, got, expected, hint, message }) => {
      const shown = message ?? `Expected ${expected}, got ${isHidden(path, got) ? MASK : showValue(got)}`;
      return error(id, shown, { at: path, hint });
    });
  }
}

/** Whether a setting's own name says that it is secret; what is not there has nothing to hide. */
function isHidden(path: string, got: unknown): boolean {
  const name = path.split('.').findLast((part) => !/^\d+$/.test(part))!;
  return got !== undefined && isHiddenName(name);
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
