import { manage } from 'bowerbird';

import { AppModule } from './app.module.js';

await manage(AppModule);
