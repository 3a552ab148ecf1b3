import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions, showThrown } from '#core';

import { GracefulShutdown } from '../shutdown/graceful-shutdown.js';
import { Readiness, type ReadinessProbe } from './readiness.js';

/** What the probes found; the names are public, the reasons are logged only. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'up' | 'down'>>;
}

const PROBE_TIMEOUT = 2_000;

/** Asks all {@link ReadinessProbe}s whether the application can work. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private asking: Promise<ReadinessAnswer> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly shutdown: GracefulShutdown,
  ) {}

  /** Callers that come while the probes run get the same answer, so that asking often costs little. */
  async ask(): Promise<ReadinessAnswer> {
    this.asking ??= this.askAll().finally(() => (this.asking = undefined));
    const answer = await this.asking;
    return this.shutdown.draining ? { ...answer, ready: false } : answer;
  }

  private async askAll(): Promise<ReadinessAnswer> {
    const probes = findContributions<ReadinessProbe, string>(this.discovery, Readiness);
    const entries = await Promise.all(
      probes.map(async ({ meta, instance }) => [meta, (await this.isUp(meta, instance)) ? 'up' : 'down'] as const),
    );
    return { ready: entries.every(([, state]) => state === 'up'), checks: Object.fromEntries(entries) };
  }

  private async isUp(name: string, probe: ReadinessProbe): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_TIMEOUT} ms`)), PROBE_TIMEOUT);
    });
    try {
      await Promise.race([probe.probe(), late]);
      return true;
    } catch (error) {
      this.logger.warn(`"${name}" is not ready: ${showThrown(error)}`);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
