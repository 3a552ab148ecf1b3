import { MultipleSelect, Widget, type FormSource, type OptionView, type WidgetState, type WidgetView } from '#forms';
import { type QuerySet } from '#orm';

import { editOf, type LinkEdit } from './many-links-field.js';
import { type FoundRow } from './row-search.js';

/** What a search for rows needs to know. */
export interface SearchOptions {
  /** Name of the relation on the form. */
  readonly name: string;
  /** Address of the endpoint that answers while people type; null where rows cannot be searched. */
  readonly source: string | null;
  /** Key of the target's entity: `shop.category`. */
  readonly entity: string;
  /** What was searched without scripts, and what was found. */
  readonly found: FoundRows | null;
}

/** The answer to a search that was sent with the form. */
export interface FoundRows {
  readonly text: string;
  readonly options: readonly FoundRow[];
  /** More rows match than are listed. */
  readonly more: boolean;
}

/**
 * One row, found by typing. Without scripts it is a group of radio buttons with the present row, and a search whose
 * button sends the form and brings it back with what was found.
 */
export class SearchOne extends Widget {
  readonly template: string = 'admin/widgets/search';

  constructor(private readonly search: SearchOptions) {
    super();
  }

  override async view(state: WidgetState): Promise<WidgetView> {
    const chosen = await state.chosen();
    const none = { value: '', label: 'None', selected: chosen.length === 0 };
    const found = foundBeside(this.search, chosen);
    const options = state.required && (chosen.length > 0 || found.length === 0) ? [] : [none];
    return searchView(this, this.search, state, [...options, ...chosen, ...found], false);
  }
}

/** Several rows, found by typing; boxes and a search without scripts. */
export class SearchMany extends MultipleSelect {
  override readonly template: string = 'admin/widgets/search';

  constructor(protected readonly search: SearchOptions) {
    super();
  }

  override async view(state: WidgetState): Promise<WidgetView> {
    const chosen = await state.chosen();
    return searchView(this, this.search, state, [...chosen, ...foundBeside(this.search, chosen)], true);
  }
}

/** What is known of links of which only a part is listed. */
export interface PartOptions {
  /** The linked rows that the user may see. */
  links(): QuerySet;
  format(count: number): string;
}

/** Name of the control that says which links a form has listed. */
export function listedName(name: string): string {
  return `${name}__listed`;
}

/**
 * The first of many rows, and those that were searched for. The page says which ones it has listed, so that only the
 * difference to what is chosen is saved.
 */
export class ManyLinks extends SearchMany {
  constructor(
    search: SearchOptions,
    private readonly part: PartOptions,
  ) {
    super(search);
  }

  override read(source: FormSource, name: string): LinkEdit {
    return { listed: keysIn(source.values.get(listedName(name)) ?? ''), chosen: super.read(source, name) as string[] };
  }

  override async view(state: WidgetState): Promise<WidgetView> {
    const view = await super.view(state);
    const { listed } = editOf(state.value);
    const found = (this.search.found?.options ?? []).filter(({ linked }) => linked).map(({ value }) => value);
    const count = this.part.format(await this.part.links().count());
    return {
      ...view,
      extra: {
        ...view.extra,
        listed: { name: listedName(state.name), value: JSON.stringify([...new Set([...listed, ...found])]) },
        links: this.search.source
          ? `${count} linked. The first ${listed.length} are listed; search to find others.`
          : `${count} linked. The first ${listed.length} are listed.`,
      },
    };
  }
}

/** The keys of the hidden control; what is no list of texts names none. */
function keysIn(text: string): readonly string[] {
  try {
    const keys: unknown = JSON.parse(text);
    return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
}

function foundBeside({ found }: SearchOptions, chosen: readonly OptionView[]): readonly OptionView[] {
  const values = new Set(chosen.map(({ value }) => value));
  return (found?.options ?? [])
    .filter(({ value }) => !values.has(value))
    .map(({ value, label, linked }) => ({ value, label, selected: linked ?? false }));
}

function searchView(
  { template }: Widget,
  search: SearchOptions,
  state: WidgetState,
  options: readonly OptionView[],
  many: boolean,
): WidgetView {
  const { name, id, value, label, required } = state;
  const { required: _required, ...attrs } = state.attrs;
  const { found } = search;
  return {
    template,
    name,
    id,
    value,
    attrs: { id, class: 'bb-input', ...attrs, 'aria-required': required ? 'true' : null },
    options,
    extra: {
      many,
      type: many ? 'checkbox' : 'radio',
      label,
      source: search.source,
      entity: search.entity,
      path: search.name,
      required,
      text: found?.text ?? '',
      note: noteOf(found),
      listed: null,
      links: null,
    },
  };
}

function noteOf(found: FoundRows | null): string | null {
  if (!found) return null;
  if (found.options.length === 0) return `Nothing matches “${found.text}”.`;
  return found.more ? 'More rows match; type more to narrow the search.' : null;
}
