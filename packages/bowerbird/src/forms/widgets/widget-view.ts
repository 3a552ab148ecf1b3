/** One value to choose from. */
export interface OptionView {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
  readonly disabled?: boolean;
  /** Id of its control, in groups of radio buttons and boxes. */
  readonly id?: string;
}

/** Plain data from which a widget's template draws the control. */
export interface WidgetView {
  /** Full name of the template: `forms/widgets/input`. */
  readonly template: string;
  /** The name under which the browser sends the value, prefix included. */
  readonly name: string;
  readonly id: string;
  /** The `type` of an input. */
  readonly type?: string;
  /** What the control shows: text, or a list of texts. */
  readonly value: unknown;
  /** All further attributes, for the `attrs` helper. */
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly options?: readonly OptionView[];
  /** Whatever else the widget's template needs. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** What a widget is told to draw. */
export interface WidgetState {
  readonly name: string;
  readonly id: string;
  readonly value: unknown;
  /** Attributes from the form and the field: `required`, `aria-describedby`, `maxlength`, … */
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly required: boolean;
  readonly label: string;
  /** Loads the values to choose from; null when there are too many to list, or the field has none. */
  options(): Promise<readonly OptionView[] | null>;
  /** Loads the chosen values with their labels. */
  chosen(): Promise<readonly OptionView[]>;
  /** The value before the input. */
  readonly initial: unknown;
}

/** One field, ready for a template. */
export interface FieldView {
  /** As declared. */
  readonly name: string;
  /** With the form's prefix. */
  readonly htmlName: string;
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly helpId: string;
  readonly errors: readonly string[];
  readonly errorId: string;
  readonly invalid: boolean;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** Whether several controls share the label, so that it is a legend. */
  readonly grouped: boolean;
  /** Whether the label stands after the control: checkboxes. */
  readonly inline: boolean;
  /** Ids of help and errors, joined by spaces; empty when there are none. */
  readonly describedBy: string;
  readonly widget: WidgetView;
}

/** Fields under one legend. */
export interface GroupView {
  readonly legend: string;
  readonly description: string;
  readonly fields: readonly FieldView[];
}

/** One line of the error summary. */
export interface SummaryView {
  readonly label: string;
  readonly message: string;
  /** Anchor of the control. */
  readonly href: string;
}

/** A whole form, ready for the template `forms/form`. */
export interface FormView {
  /** The visible fields, in order. */
  readonly fields: readonly FieldView[];
  readonly hidden: readonly FieldView[];
  readonly groups: readonly GroupView[];
  /** Every field by its declared name. */
  readonly byName: Readonly<Record<string, FieldView>>;
  /** Issues of the whole form. */
  readonly errors: readonly string[];
  /** Issues of fields, each with a link to its control. */
  readonly summary: readonly SummaryView[];
  /** Whether the form must be sent as multipart/form-data. */
  readonly multipart: boolean;
  readonly invalid: boolean;
}
