import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { CheckRunner } from './checks/check-runner.js';
import { CommandRegistry } from './commands/command-registry.js';
import { SecretKeys, Signer } from './crypto/signer.js';
import { Clock, SystemClock } from './time/clock.js';

/** What the framework's floor zero provides to every area: clock, signer, check runner and command registry. */
@Module({})
export class CoreModule {
  static forRoot(keys: SecretKeys, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: SecretKeys, useValue: keys },
        { provide: Clock, useValue: clock },
        { provide: Signer, useFactory: () => new Signer(keys, clock) },
        CheckRunner,
        CommandRegistry,
      ],
      exports: [SecretKeys, Clock, Signer, CheckRunner, CommandRegistry, DiscoveryModule],
    };
  }
}
