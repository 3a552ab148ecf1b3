import { type JsonSchema } from '#core';

/** The named schemas of one document. Those that name each other are made once. */
export class SchemaRegistry {
  private readonly made = new Map<string, JsonSchema>();
  private readonly names = new Map<object, string>();

  /** @param prefix of references: `#/components/schemas/`, or `#/$defs/` in a schema that stands alone */
  constructor(private readonly prefix = '#/components/schemas/') {}

  /** A name for a thing that no other thing has: the first of the wishes that is free. */
  nameOf(thing: object, wishes: readonly string[]): string {
    const known = this.names.get(thing);
    if (known !== undefined) return known;
    const taken = new Set(this.names.values());
    const last = wishes.at(-1)!;
    let name = wishes.find((wish) => !taken.has(wish));
    for (let number = 2; name === undefined; number += 1) if (!taken.has(`${last}${number}`)) name = `${last}${number}`;
    this.names.set(thing, name);
    return name;
  }

  /** A reference to a named schema, which is made when it is first asked for. */
  ref(name: string, make: () => JsonSchema): JsonSchema {
    if (!this.made.has(name)) {
      this.made.set(name, {});
      this.made.set(name, make());
    }
    return { $ref: this.prefix + name };
  }

  /** All that were made, by name, in alphabetical order. */
  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.made].sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}
