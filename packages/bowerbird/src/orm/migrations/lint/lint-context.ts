import { type Dialect } from '../../describe/entity-description.js';
import { type Operation } from '../operations/operation.js';
import { type SchemaChange } from '../schema/schema-change.js';
import { type Step } from '../schema/step.js';
import { type LintNote } from './lint-finding.js';

/** What a rule looks at. */
export interface LintContext {
  readonly operation: Operation;
  readonly dialect: Dialect;
  readonly change: SchemaChange;
  readonly steps: readonly Step[];
}

/** One rule: what an operation does that somebody should know. */
export type LintRuleCheck = (context: LintContext) => readonly LintNote[];
