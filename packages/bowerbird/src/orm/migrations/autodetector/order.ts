import { MigrationDependencyError } from '../migrations.errors.js';
import { type Change } from './change.js';

/** Sorts changes by rank, then by app, and puts each after those that it requires. @throws MigrationDependencyError */
export function inOrder(changes: readonly Change[], apps: readonly string[]): readonly Change[] {
  const byRank = changes.toSorted(
    (left, right) => left.rank - right.rank || apps.indexOf(left.app) - apps.indexOf(right.app),
  );
  const providers = new Map(byRank.flatMap((change) => change.provides.map((key) => [key, change] as const)));
  const done = new Set<Change>();
  const sorted: Change[] = [];
  const visit = (change: Change, trail: readonly Change[]): void => {
    if (done.has(change)) return;
    if (trail.includes(change)) throw circle([...trail, change]);
    for (const key of change.requires) {
      const provider = providers.get(key);
      if (provider && provider !== change) visit(provider, [...trail, change]);
    }
    done.add(change);
    sorted.push(change);
  };
  for (const change of byRank) visit(change, []);
  return sorted;
}

function circle(changes: readonly Change[]): MigrationDependencyError {
  const titles = changes.map(({ app, operation }) => `${app}: ${operation.title}`);
  return new MigrationDependencyError(`These changes need each other: ${titles.join(' → ')}`, {
    hint: 'Make the change in two steps, with a makemigrations after each',
  });
}
