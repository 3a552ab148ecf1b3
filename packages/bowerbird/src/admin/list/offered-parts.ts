import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';

/** What of a list one user gets to see. */
export type OfferedParts = Pick<AdminDescriptor, 'columns' | 'filters'>;

/** The columns and filters that the admin class leaves to a user: nobody sorts or filters by what is kept from them. */
export function offeredParts({ admin, columns, filters }: AdminDescriptor, context: AdminContext): OfferedParts {
  return {
    columns: chosen(columns, (names) => admin.columns(names, context)),
    filters: chosen(filters, (names) => admin.filters(names, context)),
  };
}

/** In the order of the answer; names that were not declared are left out. */
function chosen<T extends { readonly name: string }>(
  declared: readonly T[],
  choose: (names: readonly string[]) => readonly string[],
): readonly T[] {
  const names = declared.map(({ name }) => name);
  const answer = choose(names);
  if (answer === names) return declared;
  return answer.flatMap((name) => declared.find((part) => part.name === name) ?? []);
}
