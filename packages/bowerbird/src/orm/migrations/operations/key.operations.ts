import { MigrationStateError } from '../migrations.errors.js';
import { columnNames } from '../schema/column-resolver.js';
import { type ChangeHints } from '../schema/schema-change.js';
import { entityKey, resolveKey, tableOfEntity, type EntityState } from '../state/entity-state.js';
import { isJunction, type FieldState } from '../state/field-state.js';
import { fieldOf, type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { fieldCalls, resolveFields } from './fields.js';
import { Operation, type OperationPlace } from './operation.js';
import { slug } from './slug.js';

/** What a migration says of a new primary key. */
export interface KeyOptions {
  /** The fields of the new key in its order, then those of the old one that stay as plain fields. */
  readonly fields: Readonly<Record<string, FieldState>>;
  /** Fields of the old key that go. */
  readonly remove?: readonly string[];
  /** Values of new key fields for the rows that exist, by path. */
  readonly fill?: Readonly<Record<string, unknown>>;
}

/** Gives an entity another primary key in one step, because a table cannot be without one in between. */
export class ChangeKey extends Operation {
  constructor(
    readonly entity: string,
    readonly options: KeyOptions,
  ) {
    super();
  }

  get title(): string {
    const key = Object.entries(this.options.fields).filter(([, field]) => !isJunction(field) && field.primary);
    return `Change key of ${this.entity} to ${key.map(([path]) => path).join(', ')}`;
  }

  get slug(): string {
    return `key_of_${slug(this.entity)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const { fields, remove = [] } = this.options;
    const added = resolveFields(app, fields);
    return state.replace(resolveKey(app, this.entity), (entity) => {
      for (const path of remove) requireUnused(entity, path);
      const left = Object.entries(entity.fields).filter(([path]) => !remove.includes(path) && !added[path]);
      return { ...entity, fields: { ...added, ...Object.fromEntries(left) } };
    });
  }

  call(app: string): Call {
    const { fields, remove = [], fill } = this.options;
    const options = {
      fields: fieldCalls(app, fields),
      ...(remove.length > 0 && { remove }),
      ...(fill && Object.keys(fill).length > 0 && { fill }),
    };
    return new Call('changeKey', [this.entity, options]);
  }

  override hints({ app, after }: OperationPlace): ChangeHints {
    const entity = after.get(resolveKey(app, this.entity));
    const fills = Object.entries(this.options.fill ?? {}).flatMap(([path, value]) =>
      columnNames(after, entity, [path]).map((column) => [`${tableOfEntity(entity)}.${column}`, value] as const),
    );
    return { fills: new Map(fills) };
  }
}

function requireUnused(entity: EntityState, path: string): void {
  fieldOf(entity, path);
  if (![...entity.uniques, ...entity.indexes].some(({ fields }) => fields.includes(path))) return;
  throw new MigrationStateError(`An index or unique set of ${entityKey(entity)} still uses "${path}"`);
}
