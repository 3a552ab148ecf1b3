import { MigrationQuestionError } from '../migrations.errors.js';
import { RenameEntity, RenameTable } from '../operations/entity.operations.js';
import { RenameField } from '../operations/field.operations.js';
import { familyOf } from '../schema/conversions.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn, isReference, type FieldState } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { Rank, type Change } from './change.js';
import { type Decisions } from './decisions.js';

/** The recorded state with what was renamed under its new names, and the operations that do it. */
export interface Renames {
  readonly state: ProjectState;
  readonly changes: readonly Change[];
}

/** Finds what may have been renamed and asks; nothing is guessed. @throws MigrationQuestionError when nobody answers */
export async function findRenames(from: ProjectState, to: ProjectState, decisions: Decisions): Promise<Renames> {
  const entities = await renamedEntities({ state: from, changes: [] }, to, decisions);
  return renamedFields(entities, to, decisions);
}

async function renamedEntities(start: Renames, to: ProjectState, decisions: Decisions): Promise<Renames> {
  let { state, changes } = start;
  for (const added of to.entities.values()) {
    if (state.has(entityKey(added)) || added.managed === false) continue;
    const candidates = state.ofApp(added.app).filter((old) => !to.has(entityKey(old)) && isAlike(old, added));
    for (const old of candidates) {
      const name = `${entityKey(old)}:${added.name}`;
      if (!(await decisions.isRename(name, `Was the entity ${entityKey(old)} renamed to ${added.name}?`))) continue;
      const table = old.table === added.table ? undefined : added.table;
      const operation = new RenameEntity(old.name, added.name, table === undefined ? {} : { table });
      state = operation.apply(state, added.app);
      changes = [...changes, rename(added.app, operation)];
      break;
    }
  }
  return { state, changes };
}

async function renamedFields(start: Renames, to: ProjectState, decisions: Decisions): Promise<Renames> {
  let { state, changes } = start;
  for (const target of to.entities.values()) {
    const key = entityKey(target);
    if (!state.has(key) || target.managed === false) continue;
    for (const [path, field] of Object.entries(target.fields)) {
      const old = state.get(key);
      if (old.fields[path]) continue;
      const candidates = Object.entries(old.fields).filter(
        ([name, before]) => !target.fields[name] && isSameSort(before, field),
      );
      for (const [name] of candidates) {
        const question = `Was the field ${key}.${name} renamed to ${path}?`;
        if (!(await decisions.isRename(`${key}.${name}:${path}`, question))) continue;
        const operation = new RenameField(target.name, name, path);
        state = operation.apply(state, target.app);
        changes = [...changes, rename(target.app, operation)];
        break;
      }
    }
  }
  return { state, changes };
}

function rename(app: string, operation: RenameEntity | RenameField | RenameTable): Change {
  return { app, operation, rank: Rank.Rename, provides: [], requires: [], refersTo: [] };
}

/** Two entities are alike when they have at least half of their fields in common. */
function isAlike(old: EntityState, added: EntityState): boolean {
  const [before, after] = [Object.keys(old.fields), Object.keys(added.fields)];
  const common = before.filter((path) => added.fields[path] && isSameSort(old.fields[path]!, added.fields[path]));
  return old.managed !== false && common.length * 2 >= Math.max(before.length, after.length);
}

/** Whether values of one field could live on in the other. */
function isSameSort(left: FieldState, right: FieldState): boolean {
  if (isColumn(left) && isColumn(right)) return familyOf(left.kind) === familyOf(right.kind);
  if (isColumn(left) || isColumn(right)) return false;
  return isReference(left) === isReference(right) && left.target === right.target;
}

/** What to say when a rename is possible and nobody can be asked. */
export function unansweredRename(name: string, question: string): MigrationQuestionError {
  return new MigrationQuestionError(question, {
    hint: `Yes: --rename ${name}. No, remove it with its values and add a new one: --replace ${name}`,
  });
}
