import 'reflect-metadata';

import { manage } from 'bowerbird';

await manage(async () => (await import('./app.module.js')).AppModule);
