import { type Class } from '#core';
import { type EntityDescription } from '#orm';

import { type ExportDescription } from '../content/describe-export.js';
import { type FilterSet } from '../filters/filter-set.js';
import { type OrderingSet } from '../filters/ordering-set.js';
import { type SearchSet } from '../filters/search-set.js';
import { type SelectionSet } from '../filters/selection-set.js';
import { type Pagination } from '../pagination/pagination.js';
import { type SerializerDescription } from '../serializer/serializer-description.js';
import { type Versioned } from '../versions/version-paths.js';
import { type VersionSet } from '../versions/version-set.js';
import { type AccessRule } from './access-rule.js';
import { type ActionOptions } from './action.decorator.js';
import { type ActionRoute, type StandardAction } from './standard-actions.js';

/** One action of a viewset. */
export interface ActionDescription extends ActionRoute {
  /** Name of the method. */
  readonly name: string;
  readonly access: AccessRule;
  /** What it is without the viewset having said it; null for extra actions. */
  readonly standard: StandardAction | null;
  /** What writes the rows that it answers with. */
  readonly serializer: SerializerDescription;
  /** What reads its body; null for none. */
  readonly input: SerializerDescription | null;
  /** What it was declared with, for extra actions. */
  readonly options: ActionOptions | null;
  readonly selection: SelectionSet;
  /** Those of the viewset, unless the method has its own. */
  readonly versions: VersionSet;
  /** How whole lists are given away; null where they are not. */
  readonly exported: ExportDescription | null;
}

/** All that the framework knows of a viewset; frozen, made once at boot. */
export interface ViewSetDescription extends Versioned {
  /** Name of the class without `ViewSet`. */
  readonly name: string;
  readonly type: Class;
  readonly entity: EntityDescription;
  /** Path below the root of the server without a version, with a slash in front and none behind: `/api/posts`. */
  readonly path: string;
  readonly summary: string;
  readonly actions: readonly ActionDescription[];
  /** How lists are narrowed, ordered and cut. */
  readonly filters: FilterSet;
  readonly search: SearchSet;
  readonly ordering: OrderingSet;
  readonly pagination: Pagination;
  /** The field that names rows in addresses; null for the primary key. */
  readonly lookup: string | null;
  /** Most rows that one request may create; 1 for one at a time. */
  readonly bulk: number;
  action(name: string): ActionDescription | undefined;
}
