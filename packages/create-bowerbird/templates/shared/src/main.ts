import { manage } from 'bowerbird/manage';

await manage(async () => (await import('./app.module.js')).AppModule);
