import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';

import { HttpConfig } from '#http';

import { Disks } from './disks.js';
import { MediaMiddleware } from './media.middleware.js';
import { StorageConfig } from './storage.options.js';

/** File storage: disks, and the route that serves them. */
@Module({})
export class StorageModule implements OnModuleInit {
  constructor(
    private readonly http: HttpConfig,
    private readonly storage: StorageConfig,
  ) {}

  static forRoot(config: StorageConfig): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [{ provide: StorageConfig, useValue: config }, Disks, MediaMiddleware],
      exports: [Disks, StorageConfig],
    };
  }

  onModuleInit(): void {
    this.http.claim(this.storage.prefix);
  }
}
