import { type CatalogType } from '../../catalog/catalog.js';
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
  take(type: CatalogType | undefined, entity: string, property: string, values: readonly string[]): InspectedEnum {
    // Two schemas may have a type of one name; the text says the schema.
    const key = type?.text.replace(/(\[\])+$/, '');
    const known = key === undefined ? undefined : this.named.get(key);
    if (known) return known;
    const own = `${entity}${className(property)}`;
    const name = type ? this.names.take(className(type.name), `${className(type.name)}Value`) : this.names.take(own);
    const made: InspectedEnum = { name, members: membersOf(values) };
    if (key !== undefined) this.named.set(key, made);
    this.found.push(made);
    return made;
  }
}

function membersOf(values: readonly string[]): InspectedEnum['members'] {
  const pool = new NamePool();
  return values.map((value) => ({ name: pool.take(memberName(value)), value }));
}
