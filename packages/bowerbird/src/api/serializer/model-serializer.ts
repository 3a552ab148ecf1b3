import { type EntityDescription, type QuerySet } from '#orm';

import { type InputContext, type SerializerContext, type WrittenContext } from './serializer-context.js';

/**
 * Base of serializers: what of an entity's rows the outside sees and may send. Methods that `@Serializer` names in its
 * fields compute values of a row and get `(row, context)`. Methods called `validate<Field>` check one value and may return
 * another; they throw a `ValidationError`, as these hooks do. One object serves all requests, so it holds no state; its
 * constructor may ask for providers.
 */
export abstract class ModelSerializer<E extends object = object> {
  declare protected readonly rowType: E;

  /** Names that this user may see but not send for this row, beside those that are declared; what is sent is ignored. */
  readOnlyFor?(context: InputContext<E>): readonly string[] | Promise<readonly string[]>;

  /** Narrows the related rows of an entity that lists show, beside what policies let the user see. */
  scopeRelated?(rows: QuerySet, entity: EntityDescription, context: SerializerContext): QuerySet;

  /** Checks what was sent as a whole, after its fields; what was not sent is not there. */
  validate(_values: Readonly<Record<string, unknown>>, _context: InputContext<E>): void | Promise<void> {}

  /** Runs in the transaction before the row is written. */
  beforeSave(_row: E, _context: WrittenContext<E>): void | Promise<void> {}

  /** Runs in the transaction after the row and what is nested in it were written. */
  afterSave(_row: E, _context: WrittenContext<E>): void | Promise<void> {}
}
