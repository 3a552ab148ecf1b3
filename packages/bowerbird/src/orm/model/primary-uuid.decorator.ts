import { PrimaryGeneratedColumn } from 'typeorm';

import { NoteKey, type AnyClass } from '#core';

import { type Uuid7Source } from './uuid7.js';

/** The properties of a class that are UUIDs of version 7. */
const UUID7_NOTE = new NoteKey<readonly string[]>('uuid7 keys');

/**
 * A primary key that the application makes: a UUID of version 7, which sorts by the time at which it was made. A value
 * that is set before the row is saved stays.
 */
export function PrimaryUuidColumn(): PropertyDecorator {
  return (target, property) => {
    PrimaryGeneratedColumn('uuid')(target, property);
    NoteKey.append(UUID7_NOTE, target.constructor, String(property));
  };
}

/** Gives new rows of an entity their keys; a value that was set before stays. */
export function giveUuids(entity: AnyClass, rows: readonly object[], uuids: Uuid7Source): void {
  for (const name of UUID7_NOTE.read(entity) ?? [])
    for (const row of rows as readonly Record<string, unknown>[]) row[name] ??= uuids.next();
}
