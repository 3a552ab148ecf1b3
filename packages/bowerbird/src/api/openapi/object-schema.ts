import { type JsonSchema } from '#core';

/** Puts the schema of an object together. Names with dots stand inside of objects. */
export class ObjectSchema {
  private readonly properties = new Map<string, JsonSchema>();
  private readonly inner = new Map<string, ObjectSchema>();
  private readonly required = new Set<string>();

  /** @param closed whether names that are not known are refused */
  constructor(private readonly closed: boolean) {}

  add(name: string, schema: JsonSchema, required: boolean): void {
    const dot = name.indexOf('.');
    const first = dot < 0 ? name : name.slice(0, dot);
    if (required) this.required.add(first);
    if (dot < 0) this.properties.set(name, schema);
    else this.innerOf(first).add(name.slice(dot + 1), schema, required);
  }

  schema(): JsonSchema {
    const inner = [...this.inner].map(([name, object]) => [name, object.schema()] as const);
    return {
      type: 'object',
      properties: Object.fromEntries([...this.properties, ...inner]),
      ...(this.required.size > 0 && { required: [...this.required] }),
      ...(this.closed && { additionalProperties: false }),
    };
  }

  private innerOf(name: string): ObjectSchema {
    const known = this.inner.get(name) ?? new ObjectSchema(this.closed);
    this.inner.set(name, known);
    return known;
  }
}
