import {
  CheckboxGroup,
  MultipleSelect,
  RadioButtons,
  Select,
  type Widget,
  type WidgetState,
  type WidgetView,
} from '#forms';

/** Nothing is listed, so that the key is asked for. */
const unlisted = (state: WidgetState): WidgetState => ({ ...state, options: () => Promise.resolve(null) });

/** The key of one row, typed. */
export class KeyInput extends Select {
  override view(state: WidgetState): Promise<WidgetView> {
    return super.view(unlisted(state));
  }
}

/** The keys of several rows, typed. */
export class KeysInput extends MultipleSelect {
  override view(state: WidgetState): Promise<WidgetView> {
    return super.view(unlisted(state));
  }
}

/** Radio buttons while there are few rows; the key otherwise. */
export class RelationRadio extends RadioButtons {
  override async view(state: WidgetState): Promise<WidgetView> {
    const options = await state.options();
    return options ? super.view({ ...state, options: () => Promise.resolve(options) }) : new KeyInput().view(state);
  }
}

/** Boxes while there are few rows; the keys otherwise. An empty list of boxes would unlink everything. */
export class RelationBoxes extends CheckboxGroup {
  override async view(state: WidgetState): Promise<WidgetView> {
    const options = await state.options();
    return options ? super.view({ ...state, options: () => Promise.resolve(options) }) : new KeysInput().view(state);
  }
}

/** The controls that need nothing but the rows, for one row and for several. */
export const LISTED_CONTROLS: Readonly<Record<'select' | 'radio' | 'checkboxes' | 'key', (many: boolean) => Widget>> = {
  select: (many) => (many ? new MultipleSelect() : new Select()),
  radio: (many) => (many ? new RelationBoxes() : new RelationRadio()),
  checkboxes: () => new RelationBoxes(),
  key: (many) => (many ? new KeysInput() : new KeyInput()),
};
