import { Injectable } from '@nestjs/common';

import { Clock } from '#core';
import { Databases } from '#orm';

import { type NotificationRecipient } from '../notice.js';
import { NotificationRecord } from './notification-record.entity.js';
import { recipientKey } from './recipient-key.js';

/** A notification as its recipient reads it. */
export interface StoredNotification {
  readonly id: string;
  /** `orders.shipped` */
  readonly name: string;
  /** What the notification's method `database()` said. */
  readonly data: object;
  readonly createdAt: Date;
  /** Null while it is unread. */
  readonly readAt: Date | null;
}

/** Which part of an inbox to read. */
export interface InboxRequest {
  /** Only those that are unread. Default false. */
  readonly unread?: boolean;
  /** Only those of this name. */
  readonly name?: string;
  /** Only those that are older than the one with this id: the last of the page before. */
  readonly before?: string;
  /** Most notifications, from 1 to 1,000. Default 50. */
  readonly limit?: number;
}

type Owner = Pick<NotificationRecipient, 'id'>;

const PAGE = 50;
const LARGEST_PAGE = 1_000;
/** Rows in one statement; SQLite takes fewer than 32,767 values in one. */
const LONGEST_LIST = 10_000;
const LARGEST_ID = 2n ** 63n - 1n;

/** Notifications that the channel `database` has stored. Every verb sees and changes the rows of one recipient alone. */
@Injectable()
export class Inbox {
  constructor(
    private readonly databases: Databases,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws NotificationRecipientError */
  async list(owner: Owner, request: InboxRequest = {}): Promise<readonly StoredNotification[]> {
    const { unread = false, name, before, limit = PAGE } = request;
    const rows = await this.of(owner)
      .filter({
        ...(unread && { readAt__isnull: true }),
        ...(name !== undefined && { name }),
        ...(before !== undefined && (isId(before) ? { id__lt: before } : { id__in: [] })),
      })
      .orderBy('-id')
      .slice(0, Math.max(1, Math.min(limit, LARGEST_PAGE)))
      .all();
    return rows.map(({ id, name: kind, data, createdAt, readAt }) => ({ id, name: kind, data, createdAt, readAt }));
  }

  /** How many are unread. @throws NotificationRecipientError */
  unreadCount(owner: Owner): Promise<number> {
    return this.of(owner).filter({ readAt__isnull: true }).count();
  }

  /**
   * Marks notifications as read and answers how many of them were unread; those of others are left alone.
   * @param ids those to mark; all unless given
   */
  async markRead(owner: Owner, ids?: readonly string[]): Promise<number> {
    return this.chosen(owner, ids).filter({ readAt__isnull: true }).update({ readAt: this.clock.now() });
  }

  /** Marks notifications as unread again and answers how many of them were read. */
  async markUnread(owner: Owner, ids: readonly string[]): Promise<number> {
    return this.chosen(owner, ids).filter({ readAt__isnull: false }).update({ readAt: null });
  }

  /** Removes notifications and answers how many there were. @param ids those to remove; all unless given */
  async remove(owner: Owner, ids?: readonly string[]): Promise<number> {
    return this.chosen(owner, ids).delete();
  }

  /** Removes notifications of anybody that were made before a moment, and returns their number. @param limit most rows */
  async clearOlder(moment: Date, limit: number): Promise<number> {
    const old = await this.rows()
      .filter({ createdAt__lt: moment })
      .orderBy('createdAt')
      .slice(0, Math.min(limit, LONGEST_LIST))
      .values('id')
      .all();
    if (old.length === 0) return 0;
    return this.rows()
      .filter({ id__in: old.map(({ id }) => id) })
      .delete();
  }

  private chosen(owner: Owner, ids: readonly string[] | undefined) {
    return ids === undefined ? this.of(owner) : this.of(owner).filter({ id__in: ids.filter(isId) });
  }

  private of(owner: Owner) {
    return this.rows().filter({ recipient: recipientKey(owner) });
  }

  private rows() {
    return this.databases.default.objects(NotificationRecord);
  }
}

/** Whether a text can be the id of a row; what comes from an address may be anything. */
function isId(text: unknown): boolean {
  return typeof text === 'string' && /^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST_ID;
}
