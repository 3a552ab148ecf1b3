import { type FormSource } from '../form-source.js';
import { type WidgetState, type WidgetView } from './widget-view.js';

/** Attributes of a control. */
export type Attributes = Readonly<Record<string, unknown>>;

/** How a field is entered: reads its raw value from the input, and says what its template draws. */
export abstract class Widget {
  /** Full name of the template. */
  abstract readonly template: string;
  /** Whether the form must be sent as multipart/form-data. */
  readonly multipart: boolean = false;
  /** Whether the field has no place on the page. */
  readonly hidden: boolean = false;
  /** Whether it has several controls under one legend. */
  readonly grouped: boolean = false;
  /** Whether its label stands after the control. */
  readonly inline: boolean = false;

  constructor(readonly attrs: Attributes = {}) {}

  /** What the client sent for a field. */
  read(source: FormSource, name: string): unknown {
    return source.values.get(name);
  }

  /** Whether the client sent nothing at all for a field. */
  isOmitted(source: FormSource, name: string): boolean {
    return !source.values.has(name);
  }

  /** What the template draws. */
  view(state: WidgetState): WidgetView | Promise<WidgetView> {
    const { name, id, value } = state;
    return { template: this.template, name, id, value, attrs: { id, ...state.attrs, ...this.attrs } };
  }
}
