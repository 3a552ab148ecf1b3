import { type Class } from '#core';

import { valueAt } from '../../describe/entity-text.js';
import { FieldError, ForeignKeyError } from '../../orm.errors.js';
import { type QueryEngine } from '../query-engine.js';
import { type QuerySet } from '../query-set.js';

/** A reference of a new row to another one, of which only the key was given. */
export interface UnreadReference {
  /** The relation. */
  readonly path: string;
  /** The row, where there is one that may be referred to. */
  readonly rows: QuerySet;
}

/** The row of a reference; null where there is none, or its key is none that a row could have. */
export async function readReference({ rows }: UnreadReference): Promise<object | null> {
  try {
    const [row] = await rows.slice(0, 1).all();
    return row ?? null;
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

/** Sets a reference to its row. @throws ForeignKeyError where there is none */
export async function setReference(engine: QueryEngine, row: object, reference: UnreadReference): Promise<void> {
  const found = await readReference(reference);
  const { path } = reference;
  const { name } = engine.model(row.constructor as Class);
  if (!found)
    throw new ForeignKeyError(
      `The ${path} of the ${name} is no row that it may refer to`,
      [path],
      undefined,
      'missing',
    );
  putReference(row, path, found);
}

/** Puts a row in the place of what stood for it. TypeORM would put its values on that instead. */
export function putReference(row: object, path: string, found: object): void {
  const steps = path.split('.');
  const last = steps.pop()!;
  const holder = steps.length > 0 ? valueAt(row, steps.join('.')) : row;
  (holder as Record<string, unknown>)[last] = found;
}
