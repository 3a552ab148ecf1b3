export { ListAddressError, NotInAdminError, RowNotFoundError, UnknownActionError } from './admin.errors.js';
export { type FormPlan, FormPlans } from './form/form-plan.js';
export { ScopedRelationField, ScopedRelationsField, type ScopedOptions } from './related/scoped-fields.js';
export { type RelationScope } from './related/relation-scope.js';
export { type Removal, RowRemoval } from './remove/row-removal.js';
export { AdminModule } from './admin.module.js';
export { AdminConfig, type AdminSiteOptions, resolveAdmin } from './admin.options.js';
export { AdminAccess } from './site/admin-access.js';
export { type AdminApi, readAdminApis } from './site/admin-api.js';
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
export { type AdminLink, AdminLinks } from './site/admin-links.js';
export { type AdminMisuse } from './site/admin-misuse.js';
export {
  type ActionContext,
  type ActionOptions,
  type ActionResult,
  type AdminAction,
  type AdminApiOptions,
  type AdminOptions,
  type ApiAction,
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
