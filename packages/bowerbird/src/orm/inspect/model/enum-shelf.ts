import { type InspectedEnum } from './inspected.js';
import { className, memberName, NamePool } from './names.js';

/** Collects the enums of an application: one for each type of PostgreSQL, one for each other column. */
export class EnumShelf {
  private readonly named = new Map<string, InspectedEnum>();
  private readonly found: InspectedEnum[] = [];

  constructor(private readonly names: NamePool) {}

  get all(): readonly InspectedEnum[] {
    return this.found;
  }

  /** The enum of a type, or of the property of an entity where the type has no name. */
  take(type: string | undefined, entity: string, property: string, values: readonly string[]): InspectedEnum {
    const known = type === undefined ? undefined : this.named.get(type);
    if (known) return known;
    const own = `${entity}${className(property)}`;
    const name =
      type === undefined ? this.names.take(own) : this.names.take(className(type), `${className(type)}Value`);
    const made: InspectedEnum = { name, members: membersOf(values) };
    if (type !== undefined) this.named.set(type, made);
    this.found.push(made);
    return made;
  }
}

function membersOf(values: readonly string[]): InspectedEnum['members'] {
  const pool = new NamePool();
  return values.map((value) => ({ name: pool.take(memberName(value)), value }));
}
