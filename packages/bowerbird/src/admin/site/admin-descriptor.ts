import { type EntityDescription, type FieldDescription, type RelationDescription, type SearchField } from '#orm';

import {
  type AdminAction,
  type CustomFilter,
  type DisplayKind,
  type FieldControl,
  type FilterKind,
} from './admin-options.js';
import { type ModelAdmin } from './model-admin.js';

/** Reads the value of a column from a row. */
export type ColumnReader = (row: object) => unknown;

/** One column of a list. */
export interface ColumnDescriptor {
  /** Name in the options; `toString` for the row's text form. */
  readonly name: string;
  readonly label: string;
  readonly read: ColumnReader;
  /** How values are shown; `null`: by the type of each value. */
  readonly kind: DisplayKind | null;
  /** The field behind the column, for formatting; null for relations and computed columns. */
  readonly field: FieldDescription | null;
  /** What the value is a row of, for relation columns. */
  readonly related: EntityDescription | null;
  /** Order terms, ascending, when the column is sorted by; empty when it cannot be. */
  readonly ordering: readonly OrderTerm[];
  readonly sortable: boolean;
  /** Path whose bare value shows the column; null when it takes the row itself. */
  readonly plain: string | null;
  /** Links to the row. */
  readonly link: boolean;
  readonly empty: string;
}

/** One term of an order. */
export interface OrderTerm {
  readonly path: string;
  readonly descending: boolean;
}

/** One filter of a list. */
export interface FilterDescriptor {
  /** Name in the URL. */
  readonly name: string;
  readonly label: string;
  readonly kind: Exclude<FilterKind, 'auto'> | 'custom';
  readonly path: string;
  readonly field: FieldDescription | null;
  readonly relation: RelationDescription | null;
  readonly target: EntityDescription | null;
  readonly nullable: boolean;
  readonly many: boolean;
  readonly custom: CustomFilter<object> | null;
}

/** One section of a form; every inner list is one line. */
export interface FieldsetDescriptor {
  readonly title: string | null;
  readonly description: string | null;
  readonly lines: readonly (readonly string[])[];
  readonly collapsed: boolean;
}

/** What the form pages need to know. */
export interface FormDescriptor {
  readonly fieldsets: readonly FieldsetDescriptor[];
  /** Paths that are bound, in order. */
  readonly editable: readonly string[];
  /** Names that are only shown: paths, methods and getters. */
  readonly readOnly: readonly string[];
  readonly readers: ReadonlyMap<string, ColumnDescriptor>;
  readonly prepopulated: ReadonlyMap<string, readonly string[]>;
  readonly controls: ReadonlyMap<string, FieldControl>;
  readonly saveAsNew: boolean;
  readonly viewOnSite: ((row: object) => string | null) | null;
}

/** An action with every option filled in. */
export type ActionDescriptor = Required<
  Pick<AdminAction<object>, 'name' | 'label' | 'permission' | 'danger' | 'run'>
> & {
  /** The question on the confirmation page, or null to run at once. */
  readonly confirm: string | null;
};

/** Everything that the pages of one entity need, frozen at boot with every name checked. */
export interface AdminDescriptor {
  readonly entity: EntityDescription;
  /** `shop.product`. */
  readonly key: string;
  /** `/admin/shop/product/`. */
  readonly path: string;
  readonly app: { readonly name: string; readonly label: string };
  readonly label: string;
  readonly labelPlural: string;
  readonly icon: string;
  readonly admin: ModelAdmin;
  readonly columns: readonly ColumnDescriptor[];
  /**
   * Paths that are all a list needs of a row, so that rows need not be loaded as entities; null when a column is
   * computed from the row.
   */
  readonly plainPaths: readonly string[] | null;
  /** Relations that every list query joins. */
  readonly joins: readonly string[];
  readonly search: readonly SearchField[];
  readonly searchHelp: string | null;
  readonly filters: readonly FilterDescriptor[];
  readonly facets: 'demand' | 'always' | 'never';
  /** Ends with the primary key, so that it is total. */
  readonly ordering: readonly OrderTerm[];
  readonly perPage: number;
  readonly actions: readonly ActionDescriptor[];
  readonly form: FormDescriptor;
  readonly empty: string;
  readonly deleteSample: number;
}
