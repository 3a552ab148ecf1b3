import { type Selection } from './selection.js';
import { type SerializerDescription } from './serializer-description.js';

/** Selections of one serializer of which something is kept; they come from clients. */
const MOST = 200;

/** What was made for the selections of serializers. */
export class BySelection<T> {
  private readonly kept = new WeakMap<SerializerDescription, Map<string, T>>();

  of(description: SerializerDescription, { key }: Selection, make: () => T): T {
    const known = this.kept.get(description) ?? new Map<string, T>();
    if (known.has(key)) return known.get(key) as T;
    const made = make();
    if (known.size >= MOST) known.clear();
    this.kept.set(description, known.set(key, made));
    return made;
  }
}
