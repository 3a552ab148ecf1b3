import { MigrationQuestionError } from '../migrations.errors.js';
import { RenameEntity } from '../operations/entity.operations.js';
import { RenameField } from '../operations/field.operations.js';
import { AdoptEntity, LinkEntity } from '../operations/moving.operations.js';
import { type Operation } from '../operations/operation.js';
import { familyOf } from '../schema/conversions.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn, isJunction, isReference, type FieldState, type JunctionFieldState } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { created, gone, Rank, type Change } from './change.js';
import { type Decisions } from './decisions.js';

/** The recorded state with what was renamed under its new names, and the operations that do it. */
export interface Renames {
  readonly state: ProjectState;
  readonly changes: readonly Change[];
}

/** Finds what may have been renamed and asks; nothing is guessed. @throws MigrationQuestionError when nobody answers */
export async function findRenames(from: ProjectState, to: ProjectState, decisions: Decisions): Promise<Renames> {
  const entities = await renamedEntities({ state: from, changes: [] }, to, decisions);
  const links = await linkedEntities(entities, to, decisions);
  return renamedFields(links, to, decisions);
}

async function renamedEntities(start: Renames, to: ProjectState, decisions: Decisions): Promise<Renames> {
  let { state, changes } = start;
  for (const added of to.entities.values()) {
    if (state.has(entityKey(added)) || added.managed === false) continue;
    const candidates = [...state.entities.values()].filter(
      (old) => !to.has(entityKey(old)) && (old.app === added.app || old.name === added.name) && isAlike(old, added),
    );
    for (const old of candidates) {
      const { name, question } = questionOf(old, added);
      if (!(await decisions.isRename(name, question))) continue;
      const operation = renameOf(old, added);
      state = operation.apply(state, added.app);
      changes = [...changes, movedChange(old, added, operation)];
      break;
    }
  }
  return { state, changes };
}

function questionOf(old: EntityState, added: EntityState): { readonly name: string; readonly question: string } {
  const [from, to] = [entityKey(old), entityKey(added)];
  return old.app === added.app
    ? { name: `${from}:${added.name}`, question: `Was the entity ${from} renamed to ${added.name}?` }
    : { name: `${from}:${to}`, question: `Did the entity ${from} move to the app "${added.app}"?` };
}

function renameOf(old: EntityState, added: EntityState): RenameEntity | AdoptEntity {
  const table = old.table === added.table ? {} : { table: added.table };
  return old.app === added.app ? new RenameEntity(old.name, added.name, table) : new AdoptEntity(entityKey(old), table);
}

/** An entity that comes from another app is there only after the last migration of that one. */
function movedChange(old: EntityState, added: EntityState, operation: RenameEntity | AdoptEntity): Change {
  const change = rename(added.app, operation);
  if (old.app === added.app) return change;
  return { ...change, provides: [created(entityKey(added)), gone(entityKey(old))], refersTo: [entityKey(old)] };
}

/** Finds many-to-many relations whose pairs became an entity, and asks. */
async function linkedEntities(start: Renames, to: ProjectState, decisions: Decisions): Promise<Renames> {
  let { state, changes } = start;
  for (const added of to.entities.values()) {
    if (state.has(entityKey(added)) || added.managed === false) continue;
    for (const { owner, path, from, other } of possibleLinks(state, to, added)) {
      const name = `${entityKey(owner)}.${path}:${added.name}`;
      const question = `Did the pairs of ${entityKey(owner)}.${path} become the entity ${added.name}?`;
      if (!(await decisions.isRename(name, question))) continue;
      const table = (owner.fields[path] as JunctionFieldState).table === added.table ? {} : { table: added.table };
      const operation = new LinkEntity(owner.name, path, added.name, { from, to: other, ...table });
      state = operation.apply(state, added.app);
      changes = [...changes, { ...rename(added.app, operation), provides: [created(entityKey(added))] }];
      break;
    }
  }
  return { state, changes };
}

interface PossibleLink {
  readonly owner: EntityState;
  readonly path: string;
  readonly from: string;
  readonly other: string;
}

/** Relations of the same app that are gone, where the new entity refers to both sides. */
function possibleLinks(state: ProjectState, to: ProjectState, added: EntityState): readonly PossibleLink[] {
  return state.ofApp(added.app).flatMap((owner) => {
    const now = to.entities.get(entityKey(owner));
    return Object.entries(owner.fields).flatMap(([path, field]): PossibleLink[] => {
      if (!now || !isJunction(field) || now.fields[path]) return [];
      const from = referenceTo(added, entityKey(owner));
      const other = referenceTo(added, field.target, from);
      return from !== undefined && other !== undefined ? [{ owner, path, from, other }] : [];
    });
  });
}

function referenceTo(entity: EntityState, target: string, except?: string): string | undefined {
  const found = Object.entries(entity.fields).find(
    ([path, field]) => path !== except && isReference(field) && field.target === target,
  );
  return found?.[0];
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

function rename(app: string, operation: Operation): Change {
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
