import { type EntityDescription } from '#orm';

/** What every entity has a permission for. */
export type ModelAction = 'view' | 'add' | 'change' | 'delete';

/** The four model actions in the order in which people read them. */
export const MODEL_ACTIONS = ['view', 'add', 'change', 'delete'] as const satisfies readonly ModelAction[];

/**
 * The codename of an action on an entity: `permissionFor('change', description)` is `shop.change_product`. The action is
 * one of the four or one that `@Meta({ permissions })` names.
 */
export function permissionFor(
  action: ModelAction | (string & {}),
  description: Pick<EntityDescription, 'app' | 'key'>,
): string {
  const entity = description.key.slice(description.key.indexOf('.') + 1);
  return `${description.app}.${action}_${entity}`;
}
