import { Module } from '@nestjs/common';
import { FrameworkModule } from 'bowerbird';

import { HomeController } from './home/home.controller.js';
import { Home } from './home/home.service.js';
import { settings } from './settings.js';

/** The demo: every area on, real data. */
@Module({ imports: [FrameworkModule.forRoot(settings)], controllers: [HomeController], providers: [Home] })
export class AppModule {}
