import { DiscoveryService } from '@nestjs/core';

/** Marks a {@link ReadinessProbe} and names what it asks: `@Readiness('database')`. */
export const Readiness = DiscoveryService.createDecorator<string>();

/** Tells whether something that the application needs is there; asked by `/health/ready`. */
export abstract class ReadinessProbe {
  /** Resolves when all is well and rejects otherwise. Cut off after two seconds. */
  abstract probe(): Promise<void>;
}
