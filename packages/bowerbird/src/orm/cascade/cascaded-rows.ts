import { type EntityDescription } from '../describe/entity-description.js';
import { type RawKey } from '../query/compile/keys.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { whereOf, type Where } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState } from '../query/query-state.js';
import { KeyRows } from '../query/run/written-keys.js';
import { loadWritten } from '../query/run/written.js';
import { type WriteEvent } from '../writes/write-listener.js';
import { type DeletionEffect } from './deletion-effect.js';
import { deletionEffects } from './deletion-effects.js';
import { hearsCascades } from './observed-cascades.js';

/** Rows of one entity that are told of one by one; of others their number is told. */
export const TOLD_ROWS = 1_000;

/** Rows that go by ON DELETE CASCADE, read before they are gone. */
export interface CascadedRows {
  /** Tells the listeners, those rows left out for which `known` holds. Call it after the deletion. */
  tell(known?: (event: WriteEvent) => boolean): Promise<void>;
}

const NONE: CascadedRows = { tell: async () => undefined };

/**
 * Reads the rows that listeners want to hear of and that the deletion of some rows takes along.
 * @param text the text form of the row, when it is only one
 */
export async function cascadedRows(
  engine: QueryEngine,
  root: EntityModel,
  keys: readonly RawKey[],
  text: string | undefined,
): Promise<CascadedRows> {
  if (keys.length === 0 || !engine.cascades.reach(root)) return NONE;
  const { writes } = engine.source;
  const rows = new KeyRows(root, keys);
  const cause = causeOf(root.description, keys.length, text);
  const effects = (await deletionEffects(engine, root, rows)).filter(
    ({ kind, entity }) => kind === 'delete' && hearsCascades(engine, entity),
  );
  const events: WriteEvent[] = [];
  const others: { readonly description: EntityDescription; readonly count: number }[] = [];
  for (const effect of effects) {
    const count = effect.relation ? effect.count : effect.count - keys.length;
    if (count <= 0) continue;
    events.push(...(await read(engine, effect, rows, cause)));
    if (count > TOLD_ROWS) others.push({ description: effect.entity, count: count - TOLD_ROWS });
  }
  return {
    tell: async (known = () => false) => {
      const told = events.filter((event) => !known(event));
      await writes.notifyAll(told);
      for (const { description, count } of others) await writes.notifyUntold(description, count, cause);
      await signalCascades(engine, told, others, cause);
    },
  };
}

/** Tells the receivers of signals, once for each entity. */
async function signalCascades(
  { source: { signals } }: QueryEngine,
  told: readonly WriteEvent[],
  others: readonly { readonly description: EntityDescription; readonly count: number }[],
  cause: string,
): Promise<void> {
  const descriptions = new Set([...told, ...others].map(({ description }) => description));
  for (const description of descriptions) {
    const keys = told.filter((event) => event.description === description).map(({ key }) => key);
    const more = others.find((other) => other.description === description)?.count ?? 0;
    await signals.cascaded({ description, keys }, keys.length + more, cause);
  }
}

async function read(
  engine: QueryEngine,
  { entity: description, where, relation }: DeletionEffect,
  roots: KeyRows,
  cause: string,
): Promise<readonly WriteEvent[]> {
  const others: Where[] = relation ? [] : [{ op: 'not', part: { op: 'lookups', lookups: { pk__in: roots } } }];
  const state = { ...unscopedState(description.target), where: [whereOf(where!), ...others], limit: TOLD_ROWS };
  const rows = await loadWritten(engine, state, {});
  return rows.map(({ entityKey: key, text, values }) => {
    return { kind: 'delete', description, key, text, before: values, cause };
  });
}

function causeOf({ label, labelPlural }: EntityDescription, count: number, text = ''): string {
  if (count > 1) return `${count} ${labelPlural.toLowerCase()}`;
  return text === '' ? label.toLowerCase() : `${label.toLowerCase()} “${text}”`;
}
