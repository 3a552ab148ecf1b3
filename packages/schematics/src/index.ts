export { scaffold, type ScaffoldCall } from './runner/scaffold.js';
