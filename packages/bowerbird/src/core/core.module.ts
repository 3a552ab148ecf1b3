import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';

import { CheckRunner } from './checks/check-runner.js';
import { CommandRegistry } from './commands/command-registry.js';
import { SecretKeys, Signer } from './crypto/signer.js';
import { SignalHub } from './signals/signal-hub.js';
import { SignalChecks } from './signals/signal.checks.js';
import { Clock, SystemClock } from './time/clock.js';

/** What the framework's floor zero provides to every area: clock, signer, signals, check runner and command registry. */
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
        {
          provide: SignalHub,
          inject: [DiscoveryService],
          useFactory: (discovery: DiscoveryService) => new SignalHub(discovery),
        },
        CheckRunner,
        CommandRegistry,
        SignalChecks,
      ],
      exports: [SecretKeys, Clock, Signer, SignalHub, CheckRunner, CommandRegistry, DiscoveryModule],
    };
  }
}
