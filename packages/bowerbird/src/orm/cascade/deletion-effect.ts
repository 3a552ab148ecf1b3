import { type EntityDescription, type RelationDescription } from '../describe/entity-description.js';
import { type Condition } from '../query/q.js';

/**
 * What happens to the affected rows: `delete` removes them; `unlink` removes links of a many-to-many relation; `empty`
 * and `reset` take their reference away; `replace` gives them another one (`@OnDeleteSet`); `protect` says that they
 * forbid the deletion.
 */
export type DeletionEffectKind = 'delete' | 'unlink' | 'empty' | 'reset' | 'replace' | 'protect';

/** What a deletion does to the rows of one entity, or to the links of one relation. */
export interface DeletionEffect {
  readonly kind: DeletionEffectKind;
  /** Whose rows are affected. For links the entity that declares the relation. */
  readonly entity: EntityDescription;
  /** The reference (or links) through which they are affected; null for the entity whose rows are deleted first. */
  readonly relation: RelationDescription | null;
  /** The entity whose deletion affects them; null for the entity whose rows are deleted first. */
  readonly through: EntityDescription | null;
  /** Rows, or links; never 0 except for the entity whose rows are deleted first. */
  readonly count: number;
  /** Finds the affected rows among those of `entity`; null for links. */
  readonly where: Condition<object> | null;
}
