import { CheckboxGroup, type WidgetState, type WidgetView } from '#forms';

import { type AdminContext } from '../site/admin-context.js';
import { type PermissionGrid } from './permission-grid.js';

/** Permissions to choose from, as a table of boxes for each app. */
export class PermissionMatrix extends CheckboxGroup {
  override readonly template: string = 'admin/widgets/permissions';

  constructor(
    private readonly grid: PermissionGrid,
    private readonly context: AdminContext,
  ) {
    super();
  }

  override async view({ name, id, value, attrs }: WidgetState): Promise<WidgetView> {
    const chosen = new Set(Array.isArray(value) ? value.map(String) : []);
    const sections = await this.grid.sections(chosen, this.context);
    return { template: this.template, name, id, value, attrs: { ...attrs, required: false }, extra: { sections } };
  }
}
