import { type QuerySet } from '#orm';

import { type AdminContext } from './admin-context.js';
import {
  type ColumnName,
  type FormName,
  type LookupPath,
  type OrderName,
  type SearchName,
  type SinglePath,
} from './admin-paths.js';

/** How a value is shown where its kind does not say it. */
export type DisplayKind = 'text' | 'boolean' | 'number' | 'date' | 'datetime' | 'time' | 'link' | 'badge' | 'json';

/** Presentation of a computed value. */
export interface DisplayOptions<Order extends string = string> {
  /** Column heading; made from the name unless given. */
  readonly label?: string;
  /** Path (or `-path`) by which the column sorts; a computed column without it cannot be sorted. */
  readonly ordering?: Order;
  /** How the value is shown; by its JavaScript type unless given. */
  readonly kind?: DisplayKind;
  /** Text for null and empty values; the list's or the site's mark unless given. */
  readonly empty?: string;
}

/** A computed column that is written into the list itself. */
export interface ComputedColumn<Row, Order extends string> extends DisplayOptions<Order> {
  readonly label: string;
  /** The value of one row; escaped unless it is a `SafeHtml`. */
  readonly value: (row: Row) => unknown;
}

/** How a filter offers its values. `auto` takes relation, boolean, choices or date by the kind of the field. */
export type FilterKind = 'auto' | 'relation' | 'boolean' | 'choices' | 'date' | 'empty' | 'values';

/** A filter with more than its path. */
export interface FilterOptions<Lookup extends string> {
  readonly path: Lookup;
  readonly kind?: FilterKind;
  readonly label?: string;
}

/** One value that a custom filter offers. */
export interface FilterChoice {
  readonly value: string;
  readonly label: string;
}

/** A filter of the application's own. It is hidden when it offers nothing. */
export interface CustomFilter<Row> {
  /** Name in the URL; letters, digits and underscores. */
  readonly name: string;
  readonly label: string;
  choices(context: AdminContext): readonly FilterChoice[] | Promise<readonly FilterChoice[]>;
  /** Narrows the query; `value` is one of the offered values. */
  apply(query: QuerySet<Row & object>, value: string, context: AdminContext): QuerySet<Row & object>;
}

/** What an action gets beside its rows. */
export interface ActionContext extends AdminContext {
  /** How many rows were selected. */
  readonly count: number;
}

/** What an action may answer: text for a success message, or nothing. */
export type ActionResult = string | void;

/** Presentation and rules of an action. */
export interface ActionOptions {
  /** Text of the button or menu entry; made from the name unless given. */
  readonly label?: string;
  /** Permission that the user needs for every selected row; `change` unless given. */
  readonly permission?: 'view' | 'change' | 'delete';
  /** Question on the confirmation page; true for a standard one, false to run at once. True for dangerous actions. */
  readonly confirm?: string | boolean;
  /** Shown in the color of danger. */
  readonly danger?: boolean;
}

/** An action on selected rows. */
export interface AdminAction<Row> extends ActionOptions {
  /** Name in the posted form; letters, digits and underscores. */
  readonly name: string;
  /** Runs in one transaction. `rows` holds exactly the selected rows that the user may see. */
  run(rows: QuerySet<Row & object>, context: ActionContext): ActionResult | Promise<ActionResult>;
}

/** One section of a form. */
export interface FieldsetOptions<Field extends string> {
  readonly title?: string;
  /** Plain text below the title; escaped. */
  readonly description?: string;
  /** Field names; a nested list puts its fields on one line. */
  readonly fields: readonly (Field | readonly Field[])[];
  /** Starts closed, unless it holds errors; needs a title. */
  readonly collapsed?: boolean;
}

/** How a relation or choice field is edited. `search` asks the server while typing. */
export type FieldControl = 'search' | 'select' | 'radio' | 'checkboxes' | 'key';

/** What programs may do with the rows of an entity through the API. */
export type ApiAction = 'list' | 'retrieve' | 'create' | 'update' | 'partialUpdate' | 'destroy';

/** How an entity of the admin appears in the API. */
export interface AdminApiOptions {
  /** Path below the API's own; the one in the admin unless given: `shop/product`. */
  readonly path?: string;
  /** What can be done; everything that the admin can do unless given. */
  readonly actions?: readonly ApiAction[];
}

/**
 * All options with the names left open; {@link AdminOptions} closes them over an entity. Every name is checked again
 * at boot.
 */
export interface AdminOptionsOver<
  Row,
  Column extends string,
  Single extends string,
  Lookup extends string,
  Search extends string,
  Order extends string,
  Field extends string,
> {
  /** Name of one row; the entity's label unless given. */
  readonly label?: string;
  /** Name of many rows; the entity's plural label unless given. */
  readonly labelPlural?: string;
  /** Name of a symbol in the icon sprite, for navigation and index; guessed from the class name unless given. */
  readonly icon?: string;
  /** Columns; the text form of the row unless given. */
  readonly list?: readonly (Column | ComputedColumn<Row, Order>)[];
  /** Columns that link to the row; the first one unless given, false for none. */
  readonly listLinks?: readonly Column[] | false;
  /** Columns by which visitors may sort; all that can be sorted unless given, false for none. */
  readonly sortable?: readonly Column[] | false;
  /** Fields searched by the search box; no box unless given. Terms are ANDed, fields ORed. */
  readonly search?: readonly Search[];
  /** One line below the search box. */
  readonly searchHelp?: string;
  readonly filters?: readonly (Lookup | FilterOptions<Lookup> | CustomFilter<Row>)[];
  /** Whether filters show how many rows each value has: on demand (default), on every page, or never. */
  readonly facets?: 'demand' | 'always' | 'never';
  /** Order of rows; the entity's own order unless given. The primary key is always appended. */
  readonly ordering?: readonly Order[];
  /** Rows per page, 1 to 500; 100 unless given. */
  readonly perPage?: number;
  /** Relations that are joined into the list beside those that its columns need. */
  readonly joins?: readonly Single[];
  /** Actions beside "delete selected"; false removes that one as well. */
  readonly actions?: readonly AdminAction<Row>[] | false;
  /** Mark for null and empty values; the site's unless given. */
  readonly empty?: string;
  /** Form fields in order; every editable field unless given. Not together with `fieldsets`. */
  readonly fields?: readonly (Field | Column | readonly (Field | Column)[])[];
  /** Sections; computed values may stand in them when `readOnly` names them. */
  readonly fieldsets?: readonly FieldsetOptions<Field | Column>[];
  readonly exclude?: readonly Field[];
  /** Shown on the form but never bound; methods and getters are allowed. */
  readonly readOnly?: readonly (Field | Column)[];
  /** Fields that are filled from others while they are empty: `{ slug: ['title'] }`. */
  readonly prepopulated?: Readonly<Partial<Record<Field, readonly Field[]>>>;
  /** How single fields are edited where the default does not fit. */
  readonly controls?: Readonly<Partial<Record<Field, FieldControl>>>;
  /** Adds "Save as new" to the change form. */
  readonly saveAsNew?: boolean;
  /** Address of the row on the public site; its link stands on the change page. */
  readonly viewOnSite?: (row: Row) => string | null;
  /** Puts the entity into the API with the rules of its admin: `api: true`; what `settings.admin.api` says unless given. */
  readonly api?: boolean | AdminApiOptions;
  /** How many rows of each kind the delete page names, 1 to 1000; 20 unless given. */
  readonly deleteSample?: number;
}

/** How one entity appears in the admin. */
export type AdminOptions<E> = AdminOptionsOver<
  E,
  ColumnName<E>,
  SinglePath<E>,
  LookupPath<E>,
  SearchName<E>,
  OrderName<E>,
  FormName<E>
>;

/** Options whose names are not yet tied to an entity: what a decorator takes before it sees its class. */
export type OpenAdminOptions = AdminOptionsOver<never, string, string, string, string, string, string>;
