import { type QueryRecord } from '#core';

/** A query log that keeps the first records and counts the rest, so that a runaway request stays small. */
export class BoundedQueryLog extends Array<QueryRecord> {
  /** Records that were not kept. */
  dropped = 0;
  private room = 200;

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override push(...records: QueryRecord[]): number {
    const kept = records.slice(0, this.room);
    this.room -= kept.length;
    this.dropped += records.length - kept.length;
    return super.push(...kept);
  }
}
