/** What a migration may do that somebody should know before it runs. */
export type LintRule =
  | 'drops-table'
  | 'drops-column'
  | 'cuts-values'
  | 'narrows-values'
  | 'fills-empty'
  | 'needs-values'
  | 'drops-foreign-key'
  | 'new-cascade'
  | 'rewrites-table'
  | 'blocks-writes'
  | 'may-block'
  | 'scans-table'
  | 'fills-at-once'
  | 'breaks-running-code'
  | 'raw-drop'
  | 'not-supported';

/** One thing that an operation does to a table that is there. */
export interface LintFinding {
  readonly rule: LintRule;
  /** Values are lost for good; `migrate` asks for `--force` or a reason. */
  readonly destroys: boolean;
  /** What the operation says of itself. */
  readonly operation: string;
  /** Name of the table before the operation; empty for raw SQL. */
  readonly table: string;
  readonly message: string;
  /** The safe way to the same end. */
  readonly advice: string;
}

/** A finding before it is known where it stands. */
export type LintNote = Pick<LintFinding, 'rule' | 'table' | 'message' | 'advice'> & { readonly destroys?: boolean };
