export { manage, type ManageOptions } from './manage.js';
export { SCAFFOLDING } from './scaffolding.js';
