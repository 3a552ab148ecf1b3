import { fileURLToPath } from 'node:url';

/** The folder of the repository, with a slash behind. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
