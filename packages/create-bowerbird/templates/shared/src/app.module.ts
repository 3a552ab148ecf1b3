import { Module } from '@nestjs/common';
import { FrameworkModule } from 'bowerbird';

import { settings } from './settings.js';

@Module({ imports: [FrameworkModule.forRoot(settings)] })
export class AppModule {}
