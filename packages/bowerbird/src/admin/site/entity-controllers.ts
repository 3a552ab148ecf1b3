import { type Class } from '#core';

import { createAccountController } from '../form/account.controller.js';
import { createAddController } from '../form/add.controller.js';
import { createFormController } from '../form/form.controller.js';
import { createHistoryController } from '../history/history.controller.js';
import { createListController } from '../list/list.controller.js';
import { createDeleteController } from '../remove/delete.controller.js';
import { isAccount } from './account-rank.js';
import { type AdminDeclaration } from './admin-declaration.js';

/** Makes one controller of an entity below a path prefix. */
export type ControllerFactory = (declaration: AdminDeclaration, prefix: string) => Class;

/** The kinds of pages that every entity has; each has a controller of its own. */
const FACTORIES: readonly ControllerFactory[] = [
  createListController,
  createFormController,
  createDeleteController,
  createHistoryController,
];

/** All controllers of all entities. */
export function createEntityControllers(declarations: readonly AdminDeclaration[], sitePath: string): Class[] {
  return declarations.flatMap((declaration) => {
    const prefix = (sitePath + declaration.path).replaceAll(/^\/|\/$/g, '');
    const createAdd = isAccount(declaration.entity) ? createAccountController : createAddController;
    return [...FACTORIES, createAdd].map((create) => create(declaration, prefix));
  });
}
