import { Injectable } from '@nestjs/common';

import { Clock } from '#core';

import { ShortMemory } from '../site/short-memory.js';
import { type ListTotal } from './list-rows.js';

/** How long a list that was too long to count is not counted again, in milliseconds. */
const REMEMBERED = 60_000;
const LIMIT = 1_000;

/**
 * Remembers which lists are longer than what is counted. Counting up to the limit costs more than reading a page, and
 * a long list does not become short within a minute; where it does, its first page notices.
 */
@Injectable()
export class LongLists extends ShortMemory<ListTotal> {
  constructor(clock: Clock) {
    super(clock, REMEMBERED, LIMIT);
  }
}
