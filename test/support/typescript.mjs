// Lets Node import the TypeScript that a test has written, such as migration files: `node --import …/typescript.mjs`.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
