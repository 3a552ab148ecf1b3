/** What one operation does, as text: statements, and comments where it is no statement. */
export interface StatementGroup {
  readonly title: string;
  readonly steps: readonly string[];
}

/** Lines of SQL: each operation with its title above its statements. */
export function statementLines(groups: readonly StatementGroup[]): readonly string[] {
  return groups.flatMap(({ title, steps }) => [
    `--   ${title}`,
    ...steps.map((step) => (step.startsWith('--') ? step : `${step};`)),
  ]);
}
