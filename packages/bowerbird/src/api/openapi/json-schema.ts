export { type JsonSchema } from '#core';
