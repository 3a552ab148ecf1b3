import { warning } from '#core';
import { type FieldDescription } from '#orm';

import { type DescribeScope } from './describe-scope.js';
import { ModelAdmin } from './model-admin.js';

/**
 * Tells of columns that must have a value and are on no form because queries leave them out: adding a row fails there,
 * unless something else gives the value. An admin class with `beforeSave` is trusted to do so.
 */
export function checkAddable(scope: DescribeScope, editable: readonly string[]): void {
  const { entity, admin } = scope;
  if (admin.beforeSave !== ModelAdmin.prototype.beforeSave) return;
  for (const field of entity.fields.filter(({ path }) => !editable.includes(path)).filter(needsValue))
    scope.report(
      warning('admin.W002', `"${field.path}" must have a value, and the form does not ask for it (select: false)`, {
        at: scope.at('fields'),
        hint: 'Set it in beforeSave of an admin class, give it a default, or mark it @Field({ editable: true })',
      }),
    );
}

function needsValue({ selected, nullable, default: value, generated, expression, primary }: FieldDescription): boolean {
  return !selected && !nullable && value === undefined && generated === false && !expression && !primary;
}
