import { error } from '#core';
import { type QuerySet } from '#orm';

import { type ActionDescriptor } from './admin-descriptor.js';
import { ACTION_NOTES } from './admin-note.js';
import { type ActionContext, type ActionOptions, type ActionResult, type AdminAction } from './admin-options.js';
import { listOf, type DescribeScope } from './describe-scope.js';
import { labelFrom, noun } from './labels.js';
import { ModelAdmin } from './model-admin.js';

/** The name of the action that every list has unless `actions: false`. */
export const DELETE_ACTION = 'delete_selected';

/** Describes `actions` and the action methods of the admin class, followed by "delete selected". */
export function describeActions(scope: DescribeScope): readonly ActionDescriptor[] {
  if (scope.options.actions === false) return [];
  const declared = listOf(scope.options.actions as readonly AdminAction<object>[] | undefined);
  const actions = [...declared, ...actionMethods(scope)].map(fillAction);
  const usable = actions.filter(({ name, run }, index) => {
    const taken = name === DELETE_ACTION || actions.findIndex((other) => other.name === name) !== index;
    if (!taken && /^\w+$/.test(name) && typeof run === 'function') return true;
    const hint = 'Names are letters, digits and underscores, and each stands once';
    scope.report(
      error('admin.E031', `The action "${name}" is taken or not complete`, { at: scope.at('actions', index), hint }),
    );
    return false;
  });
  return [...usable, deleteSelected(scope)];
}

/** Deletes in one statement, unless the admin class wants to see every row before. */
function deleteSelected({ admin, options, entity }: DescribeScope): ActionDescriptor {
  const many = noun(options.labelPlural ?? entity.labelPlural);
  const watched = admin.beforeDelete !== ModelAdmin.prototype.beforeDelete;
  return {
    name: DELETE_ACTION,
    label: 'Delete',
    permission: 'delete',
    danger: true,
    confirm: `Delete the selected ${many}? This cannot be undone.`,
    run: async (rows, context) => {
      if (watched) for await (const row of rows.iterator()) await admin.beforeDelete(row, context);
      await rows.delete();
      return context.count === 1
        ? `1 ${noun(options.label ?? entity.label)} was deleted.`
        : `${context.count} ${many} were deleted.`;
    },
  };
}

function actionMethods(scope: DescribeScope): readonly AdminAction<object>[] {
  const admin = scope.admin as unknown as Record<
    string,
    (rows: QuerySet, context: ActionContext) => ActionResult | Promise<ActionResult>
  >;
  return (ACTION_NOTES.read(scope.admin.constructor) ?? []).map(({ method, ...options }) => ({
    ...options,
    name: method,
    run: (rows, context) => admin[method]!(rows, context),
  }));
}

function fillAction(action: AdminAction<object>): ActionDescriptor {
  const label = action.label ?? labelFrom(String(action.name));
  return {
    name: String(action.name),
    label,
    permission: action.permission ?? 'change',
    danger: action.danger ?? false,
    confirm: question(action, label),
    run: action.run,
  };
}

function question({ confirm, danger }: ActionOptions, label: string): string | null {
  if (typeof confirm === 'string') return confirm;
  return (confirm ?? danger) ? `${label}: are you sure?` : null;
}
