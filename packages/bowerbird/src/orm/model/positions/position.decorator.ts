import { Column } from 'typeorm';

import { NoteKey, type AnyClass } from '#core';

/** What {@link PositionColumn} takes. */
export interface PositionOptions<K extends string> {
  /**
   * The reference whose rows are ordered, or a field whose equal values are, or several of them. Without it all rows of
   * the table stand in one order.
   */
  readonly within?: K | readonly K[];
}

/** A column of positions, as its decorator says it. */
export interface PositionNote {
  readonly property: string;
  readonly within: readonly string[];
}

/** Stands on a property of an entity that has some others. */
type PositionDecorator<K extends string> = <E extends object>(
  target: E,
  property: [K] extends [keyof E] ? string : never,
) => void;

const POSITION_NOTE = new NoteKey<readonly PositionNote[]>('positions');

/**
 * A column of whole numbers that says where a row stands among those of its parent (Django's `order_with_respect_to`):
 * `@PositionColumn({ within: 'question' }) position: number`. New rows come last, rows that move to another parent come
 * last there, and queries are ordered by it where `@Meta` gives no ordering. See
 * https://docs.djangoproject.com/en/stable/ref/models/options/#order-with-respect-to
 */
export function PositionColumn<const K extends string = never>({
  within = [],
}: PositionOptions<K> = {}): PositionDecorator<K> {
  return (target: object, property: string) => {
    Column({ type: 'int', default: 0 })(target, property);
    const note = { property, within: Object.freeze([within].flat()) as readonly string[] };
    NoteKey.append(POSITION_NOTE, target.constructor, Object.freeze(note));
  };
}

/** The positions of a class, inherited ones included. */
export function positionNotes(target: AnyClass): readonly PositionNote[] {
  return POSITION_NOTE.read(target) ?? [];
}
