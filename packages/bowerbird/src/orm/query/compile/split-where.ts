import { type Expression } from '../expressions/expression.js';
import { type Where } from '../q.js';
import { expressionsOf } from './where-expressions.js';

/** Tells whether a lookup, by its key, or an expression belongs to the part that is wanted. */
export interface WherePicker {
  lookup(key: string): boolean;
  expression(expression: Expression): boolean;
}

/** A condition in two parts, both of which must hold; undefined where there is nothing. */
export interface SplitWhere {
  readonly picked: readonly Where[];
  readonly others: readonly Where[];
}

/** Whether a part of a condition, at any depth, is picked. */
export function mentions(where: Where, picker: WherePicker): boolean {
  if (where.op === 'lookups') return Object.entries(where.lookups).some((entry) => isPicked(entry, picker));
  if (where.op === 'expression') return picker.expression(where.expression);
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
  const picked = entries.filter((entry) => isPicked(entry, picker));
  const others = entries.filter((entry) => !isPicked(entry, picker));
  return { picked: lookups(picked), others: lookups(others) };
}

/** A lookup is picked by its key, or by a value that the statement works out. */
function isPicked([key, value]: readonly [string, unknown], picker: WherePicker): boolean {
  return picker.lookup(key) || expressionsOf(value).some((each) => picker.expression(each));
}

function lookups(entries: readonly (readonly [string, unknown])[]): Where[] {
  return entries.length === 0 ? [] : [{ op: 'lookups', lookups: Object.fromEntries(entries) }];
}
