import { type Dialect } from '../../describe/entity-description.js';
import { type LocalState } from '../../routing/local-state.js';
import { type Migration } from '../migration.js';
import { UnsupportedSchemaError } from '../migrations.errors.js';
import { type Operation, type OperationPlace } from '../operations/operation.js';
import { editorOf } from '../schema/editor-of.js';
import { type ProjectState } from '../state/project-state.js';
import { type LintRuleCheck } from './lint-context.js';
import { type LintFinding, type LintNote } from './lint-finding.js';
import { blockedWrites, fills, mayBlock, rewrites, scans } from './rules/lock-rules.js';
import { cuts, drops, emptied, missing, narrows } from './rules/loss-rules.js';
import { droppedKeys, newCascades } from './rules/reference-rules.js';
import { rawDrops, renames } from './rules/release-rules.js';
import { fullTextLocks } from './rules/search-rules.js';

const RULES: readonly LintRuleCheck[] = [
  drops,
  cuts,
  rawDrops,
  missing,
  narrows,
  emptied,
  droppedKeys,
  newCascades,
  renames,
  rewrites,
  blockedWrites,
  fullTextLocks,
  mayBlock,
  scans,
  fills,
];

/** What was found in a migration, and the state after it. */
export interface LintedMigration {
  readonly findings: readonly LintFinding[];
  readonly after: ProjectState;
}

/** The database for which a migration is looked at. */
export interface LintTarget {
  readonly dialect: Dialect;
  /** What of the history is in it. */
  readonly local: LocalState;
}

/**
 * Tells what a migration does to tables that are there which somebody should know before it runs, on one dialect. Operations
 * that somebody has reviewed are left out.
 */
export function lintMigration(
  { app, operations }: { readonly app: string } & Pick<Migration, 'operations'>,
  base: ProjectState,
  { dialect, local }: LintTarget,
): LintedMigration {
  /** Tables that the migration makes itself have no rows yet. */
  const fresh = new Set<string>();
  const findings: LintFinding[] = [];
  let before = base;
  for (const operation of operations) {
    const after = operation.apply(before, app);
    const place = local.place({ app, before, after });
    before = after;
    if (!place) continue;
    findings.push(...lintOperation(operation, place, dialect).filter(({ table }) => !fresh.has(table)));
    for (const { name } of operation.change(place, dialect, 'forward').created) fresh.add(name);
  }
  return { findings, after: before };
}

/** What one operation does; nothing when it is reviewed. */
function lintOperation(operation: Operation, place: OperationPlace, dialect: Dialect): readonly LintFinding[] {
  if (operation.reviewed !== undefined) return [];
  return notesOf(operation, place, dialect).map((found) => ({
    destroys: false,
    ...found,
    operation: operation.title,
  }));
}

function notesOf(operation: Operation, place: OperationPlace, dialect: Dialect): readonly LintNote[] {
  try {
    const change = operation.change(place, dialect, 'forward');
    const steps = operation.steps(place, editorOf(dialect), 'forward');
    return RULES.flatMap((rule) => rule({ operation, dialect, change, steps }));
  } catch (problem) {
    if (!(problem instanceof UnsupportedSchemaError)) throw problem;
    const advice = 'Leave it out, or use the same kind of database everywhere';
    return [{ rule: 'not-supported', table: '', message: problem.message, advice }];
  }
}
