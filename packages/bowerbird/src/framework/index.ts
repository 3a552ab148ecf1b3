export { ResolvedSettings } from './boot/resolved-settings.js';
export { CannotListenError, CheckFailedError, NotAnApplicationError } from './framework.errors.js';
export { FrameworkModule } from './framework.module.js';
export { type ApplicationModule, manage, type ManageOptions } from './manage/manage.js';
export { APPLICATION_OPTIONS, type Configure } from './manage/serve.js';
export { type RouteEntry, RouteTable } from './routes/route-table.js';
export { type ChecksOptions, type FrameworkSettings } from './settings.js';
