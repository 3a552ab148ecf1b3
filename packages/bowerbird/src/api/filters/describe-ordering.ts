import { type FieldKind } from '#orm';

import { refuse, secrecyOf, targetOf, type FilterTools } from './filter-tools.js';
import { OrderingSet } from './ordering-set.js';

const UNORDERED: ReadonlySet<FieldKind> = new Set<FieldKind>(['json', 'binary']);

/**
 * Derives the ordering of an entity; whatever is wrong is reported and left out.
 * @param initial the order where a request asks for none, of any fields; that of the entity unless given
 */
export function describeOrdering(
  declared: readonly string[],
  tools: FilterTools,
  initial: readonly string[] = [],
): OrderingSet {
  const fields = declared.filter((path) => isOrderable(path, 'ordering', tools));
  const terms = initial.filter((term) => isOrderable(term.replace(/^-/, ''), 'defaultOrdering', tools));
  return new OrderingSet(fields, Object.freeze(terms));
}

function isOrderable(path: string, option: string, tools: FilterTools): boolean {
  const target = targetOf(path, option, tools);
  if (!target) return false;
  const reason = misfit(target);
  if (reason === undefined) return true;
  refuse(
    'api.E024',
    `"${path}" is ${reason} and orders nothing`,
    option,
    'Name a field of the row or of a row that it refers to',
    tools,
  );
  return false;
}

function misfit(target: NonNullable<ReturnType<typeof targetOf>>): string | undefined {
  if (target.many) return 'of several rows';
  if (!target.field) return 'a relation';
  return UNORDERED.has(target.field.kind) ? target.field.kind : secrecyOf(target);
}
