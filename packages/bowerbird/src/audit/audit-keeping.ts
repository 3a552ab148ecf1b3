import { Injectable } from '@nestjs/common';

import { Clock, Signer } from '#core';
import { Databases } from '#orm';

import { AuditEntry } from './audit-entry.entity.js';
import { isUntouched } from './fingerprint.js';

/** Entries that are deleted by one statement. */
const BATCH = 1_000;

/** Changed entries that are named. */
const EXAMPLES = 20;

/** Which entries may go: those that are old enough, but for the newest ones. */
export interface AuditRetention {
  /** Only entries that are older than this, in days. */
  readonly days?: number;
  /** As many of the newest entries stay, however old they are. */
  readonly keepLast?: number;
  /** Only entries of this entity: `shop.product`. */
  readonly entity?: string;
}

/** What verifying found. */
export interface AuditVerdict {
  /** Entries that were looked at. */
  readonly checked: number;
  /** Entries that do not say any longer what was written. */
  readonly altered: number;
  /** The keys of the first of them. */
  readonly examples: readonly string[];
  /** Entries without a fingerprint: written before there were any, or emptied. */
  readonly unsigned: number;
}

/** Removes old entries of the audit log, and finds those that somebody has changed. */
@Injectable()
export class AuditKeeping {
  constructor(
    private readonly databases: Databases,
    private readonly clock: Clock,
    private readonly signer: Signer,
  ) {}

  /** How many entries may go. */
  async countOld(retention: AuditRetention): Promise<number> {
    return (await this.old(retention)).count();
  }

  /** Deletes entries, some at a time, and returns their number. */
  async deleteOld(retention: AuditRetention): Promise<number> {
    const old = await this.old(retention);
    let total = 0;
    for (;;) {
      const ids = await old.orderBy('id').slice(0, BATCH).flat('id').all();
      if (ids.length === 0) return total;
      total += await this.entries().filter({ id__in: ids }).delete();
    }
  }

  /** Compares every entry with its fingerprint. */
  async verify(): Promise<AuditVerdict> {
    const examples: string[] = [];
    let [checked, altered, unsigned] = [0, 0, 0];
    for await (const entry of this.entries().orderBy('id').iterator({ chunk: BATCH })) {
      checked += 1;
      if (entry.fingerprint === '') unsigned += 1;
      else if (!isUntouched(this.signer, entry)) {
        altered += 1;
        if (examples.length < EXAMPLES) examples.push(entry.id);
      }
    }
    return { checked, altered, examples, unsigned };
  }

  private async old({ days, keepLast = 0, entity }: AuditRetention) {
    const all = entity === undefined ? this.entries() : this.entries().filter({ entity });
    const before = new Date(this.clock.now().getTime() - (days ?? 0) * 86_400_000);
    const aged = days === undefined ? all : all.filter({ at__lt: before });
    if (keepLast === 0) return aged;
    const [newest] = await all
      .orderBy('-id')
      .slice(keepLast, keepLast + 1)
      .flat('id')
      .all();
    return newest === undefined ? aged.none() : aged.filter({ id__lte: newest });
  }

  private entries() {
    return this.databases.default.objects(AuditEntry);
  }
}
