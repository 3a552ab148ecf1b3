import { Injectable } from '@nestjs/common';

import { keyFilter } from '#forms';
import { Databases, type Database } from '#orm';

import { OutOfScopeError } from '../../api.errors.js';
import { ViewSetRows } from '../viewset-rows.js';
import { type ActionCall } from './action-call.js';

/** Keeps what is written among the rows that exist for a request. */
@Injectable()
export class WriteScope {
  constructor(
    private readonly databases: Databases,
    private readonly rows: ViewSetRows,
  ) {}

  /** The database that a call writes to. */
  database({ description }: ActionCall): Database {
    return this.databases.of(description.entity.target);
  }

  /** Belongs into the transaction of the write, which it undoes. @throws OutOfScopeError */
  async requireInside(written: readonly object[], call: ActionCall): Promise<void> {
    if (!this.rows.isNarrowed(call)) return;
    const { entity } = call.description;
    const keys = written.map((row) => entity.keyOf(row));
    if (keys.length === 0) return;
    const inside = await this.rows
      .of(call)
      .filter(keyFilter(entity, keys) as never)
      .count();
    if (inside < keys.length) throw new OutOfScopeError();
  }
}
