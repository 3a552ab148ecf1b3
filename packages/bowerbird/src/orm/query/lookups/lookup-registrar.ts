import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions } from '#core';

import { Databases } from '../../connection/databases.js';
import { CustomLookup, type LookupSource } from './lookup-source.js';

/** Hands the lookups of the application to its databases when it starts. */
@Injectable()
export class LookupRegistrar implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(Databases) private readonly databases: Databases,
  ) {}

  onModuleInit(): void {
    for (const { instance } of findContributions<LookupSource, void>(this.discovery, CustomLookup))
      for (const definition of instance.definitions)
        for (const { queries } of this.databases.all()) queries.dialect.custom.add(definition);
  }
}
