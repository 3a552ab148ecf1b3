import {
  keyText,
  parseKey,
  RelationField,
  RelationsField,
  type FieldContext,
  type OptionView,
  type RawInput,
  type RelationOptions,
} from '#forms';

/** What a relation field of the admin knows beside its form field. */
export interface ScopedOptions<T> extends RelationOptions<object, T> {
  /** Whether rows may be linked that this user must not see. */
  readonly narrowed: boolean;
}

const HIDDEN_ROW = 'A row that you may not see';

/**
 * A reference that can only be pointed at rows in the user's scope. A row outside of it to which the reference
 * already points stays, and is not named.
 */
export class ScopedRelationField extends RelationField<object, object | null> {
  constructor(override readonly options: ScopedOptions<object | null>) {
    super(options);
  }

  protected override async toValue(raw: RawInput, context: FieldContext): Promise<object | null> {
    const { initial } = context;
    const same = isRow(initial) && this.show(initial, context) === String(raw);
    return same ? initial : super.toValue(raw, context);
  }

  override async chosen(shown: unknown, context: FieldContext): Promise<readonly OptionView[]> {
    if (!this.options.narrowed) return super.chosen(shown, context);
    const found = await super.chosen(shown, { ...context, initial: undefined });
    if (found.length > 0 || shown === '' || this.show(context.initial, context) !== shown) return found;
    return [{ value: String(shown), label: HIDDEN_ROW, selected: true }];
  }
}

/** References that can only be changed among the rows in the user's scope; links to other rows stay as they are. */
export class ScopedRelationsField extends RelationsField<object> {
  constructor(override readonly options: ScopedOptions<readonly object[]>) {
    super(options);
  }

  /** Links outside of the scope are kept even where nothing was sent. */
  protected override isEmptyInput(raw: RawInput): boolean {
    return !this.options.narrowed && super.isEmptyInput(raw);
  }

  protected override async toValue(raw: RawInput, context: FieldContext): Promise<readonly object[]> {
    const chosen = await super.toValue(raw ?? [], context);
    return [...chosen, ...(await this.unseen(context))];
  }

  override async chosen(shown: unknown, context: FieldContext): Promise<readonly OptionView[]> {
    const rows = this.loadedRows(shown, context);
    if (!rows || this.options.narrowed) return super.chosen(shown, context);
    const description = context.services.describe(this.options.target);
    return rows.map((row) => ({
      value: keyText(description.keyOf(row)),
      label: description.text(row),
      selected: true,
    }));
  }

  /** The rows before the input, when they are loaded and nothing else is shown. */
  private loadedRows(shown: unknown, context: FieldContext): readonly object[] | undefined {
    const { initial } = context;
    if (!Array.isArray(initial) || !initial.every(isRow)) return undefined;
    return JSON.stringify(this.show(initial, context)) === JSON.stringify(shown) ? initial : undefined;
  }

  /** Keys of linked rows that the user must not see. */
  private async unseen(context: FieldContext): Promise<readonly object[]> {
    if (!this.options.narrowed) return [];
    const linked = this.show(context.initial, context) as string[];
    const seen = new Set((await super.chosen(linked, context)).map(({ value }) => value));
    const description = context.services.describe(this.options.target);
    const keys = linked.filter((key) => !seen.has(key)).map((key) => parseKey(description, key));
    return keys.filter((key) => key !== undefined) as readonly unknown[] as readonly object[];
  }
}

function isRow(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype;
}
