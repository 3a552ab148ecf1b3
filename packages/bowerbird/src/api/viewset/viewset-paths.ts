import { Injectable } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';

import { ApiConfig } from '../api.options.js';
import { VIEWSET } from './viewset-note.js';

/** Puts the viewsets below the path of the API, which their decorators cannot know. */
@Injectable()
export class ViewSetPaths {
  constructor(
    private readonly config: ApiConfig,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Belongs before the routes are registered; Nest reads the paths of controllers from their classes. */
  place(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      const note = metatype ? VIEWSET.read(metatype) : undefined;
      if (note)
        Reflect.defineMetadata(
          PATH_METADATA,
          [this.config.prefix, note.options.path].filter(Boolean).join('/'),
          metatype!,
        );
    }
  }
}
