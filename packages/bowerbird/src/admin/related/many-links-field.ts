import {
  parseKey,
  RelationsField,
  type FieldContext,
  type OptionView,
  type RawInput,
  type RelationOptions,
} from '#forms';
import { type RelatedSet } from '#orm';

/** Keys that a form has listed, and those of them and of others that are chosen. What it has not listed stays as it is. */
export interface LinkEdit {
  readonly listed: readonly string[];
  readonly chosen: readonly string[];
}

/** What a relation with many links needs beside its form field. */
export interface ManyLinksOptions extends RelationOptions<object, readonly object[]> {
  /** Whether rows may be linked that this user must not see. */
  readonly narrowed: boolean;
  /** The links are those of another row, of which a copy is made. */
  readonly copied: boolean;
}

/** All links after a change, with the change itself. */
type EditedLinks = readonly object[] & { readonly edit: LinkEdit };

/** What stands for links that are never compared as a whole. */
const UNCOMPARED = 'part';

/**
 * A relation with more links than a form lists. Only what was added to the listed rows and what was removed from them
 * is sent and saved, so that nothing happens to the links that were not listed, nor to those that others make meanwhile.
 */
export class ManyLinksField extends RelationsField<object> {
  constructor(override readonly options: ManyLinksOptions) {
    super(options);
  }

  protected override isEmptyInput(_raw: RawInput): boolean {
    return false;
  }

  /** Nobody can remove a row that is out of the user's scope: a forged key is as if it was never listed. */
  protected override async toValue(raw: RawInput, context: FieldContext): Promise<EditedLinks> {
    const edit = raw as LinkEdit;
    const added = await super.toValue(without(edit.chosen, edit.listed), context);
    const removable = await super.chosen(without(edit.listed, edit.chosen), context);
    const kept = without(
      this.keys(context.initial, context),
      removable.map(({ value }) => value),
    );
    const known = new Set(kept);
    const rows = added.filter((row) => !known.has(this.keys([row], context)[0]!));
    return Object.assign([...this.parsed(kept, context), ...rows], { edit });
  }

  override show(value: unknown, context?: FieldContext): unknown {
    return isEdited(value) ? value.edit : super.show(value, context);
  }

  /** Changes of several people to different links go together, so that only what is entered here counts. */
  override trace(value: unknown): unknown {
    if (!isEdited(value)) return UNCOMPARED;
    const { listed, chosen } = value.edit;
    const [added, removed] = [without(chosen, listed), without(listed, chosen)];
    return added.length + removed.length === 0 ? UNCOMPARED : JSON.stringify([added, removed]);
  }

  override hasChanged(before: unknown, after: unknown, context?: FieldContext): boolean {
    const texts = (value: unknown) => JSON.stringify([...this.keys(value, context)].sort());
    return this.options.copied || texts(before) !== texts(after);
  }

  override async link(links: RelatedSet, value: readonly object[], context: FieldContext): Promise<void> {
    if (this.options.copied) return super.link(links, value, context);
    const [before, after] = [this.keys(context.initial, context), this.keys(value, context)];
    const [added, removed] = [without(after, before), without(before, after)];
    if (added.length > 0) await links.add(...this.parsed(added, context));
    if (removed.length > 0) await links.remove(...this.parsed(removed, context));
  }

  override async chosen(shown: unknown, context: FieldContext): Promise<readonly OptionView[]> {
    const { listed, chosen } = editOf(shown);
    const keys = [...new Set([...listed, ...chosen])];
    const options = this.loaded(keys, context) ?? (await super.chosen(keys, context));
    const known = new Map(options.map((option) => [option.value, option]));
    const selected = new Set(chosen);
    return keys.flatMap((key) => {
      const option = known.get(key);
      return option ? [{ ...option, selected: selected.has(key) }] : [];
    });
  }

  /** The rows before the input, where nothing else is shown and the user may see all of them. */
  private loaded(keys: readonly string[], context: FieldContext): readonly OptionView[] | undefined {
    const { initial } = context;
    if (this.options.narrowed || !Array.isArray(initial) || isEdited(initial)) return undefined;
    const rows: readonly unknown[] = initial;
    if (!rows.every((row): row is object => row instanceof this.options.target)) return undefined;
    const { services } = context;
    const description = services.describe(this.options.target);
    const own = this.keys(rows, context);
    if (JSON.stringify(own) !== JSON.stringify(keys)) return undefined;
    return rows.map((row, index) => ({ value: own[index]!, label: description.text(row), selected: true }));
  }

  private keys(value: unknown, context: FieldContext | undefined): readonly string[] {
    return super.show(value, context) as readonly string[];
  }

  private parsed(keys: readonly string[], context: FieldContext): readonly object[] {
    const description = context.services.describe(this.options.target);
    const parsed = keys.map((key) => parseKey(description, key)).filter((key) => key !== undefined);
    return parsed as readonly unknown[] as readonly object[];
  }
}

/** What a form shows of many links: the listed ones are all chosen until something is entered. */
export function editOf(shown: unknown): LinkEdit {
  if (Array.isArray(shown)) return { listed: shown.map(String), chosen: shown.map(String) };
  return typeof shown === 'object' && shown !== null ? (shown as LinkEdit) : { listed: [], chosen: [] };
}

function isEdited(value: unknown): value is EditedLinks {
  return Array.isArray(value) && 'edit' in value;
}

function without(keys: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others);
  return keys.filter((key) => !left.has(key));
}
