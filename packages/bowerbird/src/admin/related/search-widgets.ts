import { MultipleSelect, Widget, type OptionView, type WidgetState, type WidgetView } from '#forms';

/** What a search for rows needs to know. */
export interface SearchOptions {
  /** Name of the relation on the form. */
  readonly name: string;
  /** Address of the endpoint that answers while people type. */
  readonly source: string;
  /** Key of the target's entity: `shop.category`. */
  readonly entity: string;
  /** What was searched without scripts, and what was found. */
  readonly found: FoundRows | null;
}

/** The answer to a search that was sent with the form. */
export interface FoundRows {
  readonly text: string;
  readonly options: readonly Pick<OptionView, 'value' | 'label'>[];
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

  constructor(private readonly search: SearchOptions) {
    super();
  }

  override async view(state: WidgetState): Promise<WidgetView> {
    const chosen = await state.chosen();
    return searchView(this, this.search, state, [...chosen, ...foundBeside(this.search, chosen)], true);
  }
}

function foundBeside({ found }: SearchOptions, chosen: readonly OptionView[]): readonly OptionView[] {
  const values = new Set(chosen.map(({ value }) => value));
  return (found?.options ?? [])
    .filter(({ value }) => !values.has(value))
    .map(({ value, label }) => ({ value, label, selected: false }));
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
    },
  };
}

function noteOf(found: FoundRows | null): string | null {
  if (!found) return null;
  if (found.options.length === 0) return `Nothing matches “${found.text}”.`;
  return found.more ? 'More rows match; type more to narrow the search.' : null;
}
