import { MigrationStateError } from '../migrations.errors.js';
import { columnNames } from '../schema/column-resolver.js';
import { sameData } from '../schema/schema-change.js';
import {
  entityKey,
  resolveKey,
  type CheckState,
  type EntityState,
  type ExclusionState,
  type IndexState,
  type UniqueState,
} from '../state/entity-state.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation } from './operation.js';
import { slug } from './slug.js';

/** The lists of an entity that operations add to and take from. */
interface Parts {
  readonly uniques: UniqueState;
  readonly indexes: IndexState;
  readonly checks: CheckState;
  readonly exclusions: ExclusionState;
}

const NOUNS: Readonly<Record<keyof Parts, string>> = {
  uniques: 'unique set',
  indexes: 'index',
  checks: 'check',
  exclusions: 'exclusion',
};
const CALLS: Readonly<Record<keyof Parts, string>> = {
  uniques: 'Unique',
  indexes: 'Index',
  checks: 'Check',
  exclusions: 'Exclusion',
};

/** Adds or removes one unique set, index or check of an entity. */
abstract class PartOperation<K extends keyof Parts> extends Operation {
  constructor(
    readonly kind: K,
    readonly adds: boolean,
    readonly entity: string,
    readonly part: Parts[K],
  ) {
    super();
  }

  get title(): string {
    const verb = this.adds ? `Add ${NOUNS[this.kind]}` : `Remove ${NOUNS[this.kind]}`;
    return `${verb} ${this.label} ${this.adds ? 'to' : 'from'} ${this.entity}`;
  }

  get slug(): string {
    const what = slug(this.label).replace(/^_|_$/g, '').slice(0, 30);
    return `${this.adds ? '' : 'remove_'}${slug(this.entity)}_${what}_${slug(NOUNS[this.kind])}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const key = resolveKey(app, this.entity);
    const after = state.replace(key, (entity) => ({ ...entity, [this.kind]: this.changed(entity) }));
    if (this.adds && 'fields' in this.part)
      columnNames(after, after.get(key), [...this.part.fields, ...(this.part.include ?? [])]);
    return after;
  }

  call(): Call {
    return new Call(`${this.adds ? 'add' : 'remove'}${CALLS[this.kind]}`, [this.entity, this.part]);
  }

  private get label(): string {
    if (this.part.name !== undefined) return this.part.name;
    if ('fields' in this.part) return this.part.fields.join(', ');
    const { expression } = this.part;
    return typeof expression === 'string' ? expression : Object.values(expression).join(' / ');
  }

  /** What goes is known by its name, whatever has become of its texts. */
  private isSame(part: Parts[K]): boolean {
    return sameData(part, this.part) || (!this.adds && part.name !== undefined && part.name === this.part.name);
  }

  private changed(entity: EntityState): readonly Parts[K][] | undefined {
    const parts = (entity[this.kind] ?? []) as unknown as readonly Parts[K][];
    const others = parts.filter((part) => !this.isSame(part));
    if (this.adds === (others.length === parts.length)) {
      const left = this.adds ? [...parts, this.part] : others;
      return this.kind === 'exclusions' && left.length === 0 ? undefined : left;
    }
    const state = this.adds ? 'has it already' : 'has none like it';
    throw new MigrationStateError(`${this.title}: ${entityKey(entity)} ${state}`);
  }
}

/** Makes a set of fields unique together. */
export class AddUnique extends PartOperation<'uniques'> {
  constructor(entity: string, part: UniqueState) {
    super('uniques', true, entity, part);
  }
}

/** Lets several rows have the same values again. */
export class RemoveUnique extends PartOperation<'uniques'> {
  constructor(entity: string, part: UniqueState) {
    super('uniques', false, entity, part);
  }
}

/** Adds an index. */
export class AddIndex extends PartOperation<'indexes'> {
  constructor(entity: string, part: IndexState) {
    super('indexes', true, entity, part);
  }
}

/** Removes an index. */
export class RemoveIndex extends PartOperation<'indexes'> {
  constructor(entity: string, part: IndexState) {
    super('indexes', false, entity, part);
  }
}

/** Adds a condition that each row must keep; existing rows are checked. */
export class AddCheck extends PartOperation<'checks'> {
  constructor(entity: string, part: CheckState) {
    super('checks', true, entity, part);
  }
}

/** Removes a condition. */
export class RemoveCheck extends PartOperation<'checks'> {
  constructor(entity: string, part: CheckState) {
    super('checks', false, entity, part);
  }
}

/** Adds a condition that no two rows keep together; PostgreSQL only. */
export class AddExclusion extends PartOperation<'exclusions'> {
  constructor(entity: string, part: ExclusionState) {
    super('exclusions', true, entity, part);
  }
}

/** Removes such a condition. */
export class RemoveExclusion extends PartOperation<'exclusions'> {
  constructor(entity: string, part: ExclusionState) {
    super('exclusions', false, entity, part);
  }
}
