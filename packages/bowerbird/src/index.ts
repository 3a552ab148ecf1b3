import 'reflect-metadata';

export { Admin, AdminFor, ModelAdmin } from '#admin';
export { CurrentUser, Policy, RequirePermission } from '#auth';
export { environment, Secret } from '#core';
export { FrameworkModule, type FrameworkSettings } from '#framework';
export { Public } from '#http';
export { manage } from '#manage';
export { App, atomic, Field, Meta, onCommit, Q, querySet } from '#orm';
