import { type Where } from '../q.js';

/** Tells whether a lookup, by its key, or an expression belongs to the part that is wanted. */
export interface WherePicker {
  lookup(key: string): boolean;
  expression(where: Extract<Where, { op: 'expression' }>): boolean;
}

/** A condition in two parts, both of which must hold; undefined where there is nothing. */
export interface SplitWhere {
  readonly picked: readonly Where[];
  readonly others: readonly Where[];
}

/** Whether a part of a condition, at any depth, is picked. */
export function mentions(where: Where, picker: WherePicker): boolean {
  if (where.op === 'lookups') return Object.keys(where.lookups).some((key) => picker.lookup(key));
  if (where.op === 'expression') return picker.expression(where);
  if (where.op === 'not') return mentions(where.part, picker);
  return where.parts.some((part) => mentions(part, picker));
}

/** Takes the parts of an AND that are picked apart from the others. What is not an AND stays whole. */
export function splitWhere(where: Where, picker: WherePicker): SplitWhere {
  if (!mentions(where, picker)) return { picked: [], others: [where] };
  if (where.op === 'and') {
    const parts = where.parts.map((part) => splitWhere(part, picker));
    return { picked: parts.flatMap(({ picked }) => picked), others: parts.flatMap(({ others }) => others) };
  }
  if (where.op !== 'lookups') return { picked: [where], others: [] };
  const entries = Object.entries(where.lookups);
  const picked = entries.filter(([key]) => picker.lookup(key));
  const others = entries.filter(([key]) => !picker.lookup(key));
  return { picked: lookups(picked), others: lookups(others) };
}

function lookups(entries: readonly (readonly [string, unknown])[]): Where[] {
  return entries.length === 0 ? [] : [{ op: 'lookups', lookups: Object.fromEntries(entries) }];
}
