export { ListAddressError, NotInAdminError, RowNotFoundError, UnknownActionError } from './admin.errors.js';
export { AdminModule } from './admin.module.js';
export { AdminConfig, type AdminSiteOptions, resolveAdmin } from './admin.options.js';
export { type AdminContext, type AdminPermission } from './site/admin-context.js';
export {
  type ActionDescriptor,
  type AdminDescriptor,
  type ColumnDescriptor,
  type FieldsetDescriptor,
  type FilterDescriptor,
  type FormDescriptor,
  type OrderTerm,
} from './site/admin-descriptor.js';
export { type AdminMisuse } from './site/admin-misuse.js';
export {
  type ActionContext,
  type ActionOptions,
  type ActionResult,
  type AdminAction,
  type AdminOptions,
  type ComputedColumn,
  type CustomFilter,
  type DisplayKind,
  type DisplayOptions,
  type FieldControl,
  type FieldsetOptions,
  type FilterChoice,
  type FilterKind,
  type FilterOptions,
  type OpenAdminOptions,
} from './site/admin-options.js';
export {
  type ColumnName,
  type FormName,
  type LookupPath,
  type OrderName,
  type SearchName,
  type SinglePath,
} from './site/admin-paths.js';
export { AdminSite } from './site/admin-site.js';
export { Action, Admin, AdminFor, adminFor, type AdminRegistration, Display } from './site/admin.decorator.js';
export { ModelAdmin, type SaveContext } from './site/model-admin.js';
