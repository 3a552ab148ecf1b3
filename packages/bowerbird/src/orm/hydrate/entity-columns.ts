import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';

/** Where the columns of one entity are in a raw row. */
export interface EntityColumns {
  readonly model: EntityModel;
  /** Columns that become properties. */
  readonly properties: readonly ColumnModel[];
  /** Columns that `only` or `defer` left out. */
  readonly deferred: readonly ColumnModel[];
  /** Whether touching a relation that was not loaded is an error. */
  readonly strict: boolean;
  /** The alias of every selected column; those of keys are there even when no property holds them. */
  readonly aliases: ReadonlyMap<ColumnModel, string>;
  /** Related rows that the same statement joined. */
  readonly related: readonly { readonly relation: RelationModel; readonly columns: EntityColumns }[];
  /** Relations that later statements load. */
  readonly later: readonly RelationModel[];
  /** Every relation of the rows. */
  readonly relations: readonly RelationModel[];
}
