import { didYouMean, error, type Class, type Finding } from '#core';
import {
  isUnknown,
  knownNames,
  resolvePath,
  type Descriptions,
  type EntityDescription,
  type RelationDescription,
  type ResolvedPath,
} from '#orm';

import { COMPUTED } from './computed.decorator.js';
import { type InputFields } from './input-fields.js';
import { inputFormFor, type InputFormClass } from './input-form.js';
import { writesAlone } from './lone-rows.js';
import { type ModelSerializer } from './model-serializer.js';
import { type SerializerContext } from './serializer-context.js';
import {
  type ColumnMember,
  type ComputedMember,
  type Member,
  type NestedMember,
  type ReferenceMember,
  type SerializerDescription,
} from './serializer-description.js';
import {
  type HiddenValue,
  type NestedOptions,
  type SerializerClass,
  type SerializerNote,
  type SerializerOptions,
} from './serializer.decorator.js';

/** What a serializer is described with. */
export interface DescribeTools {
  readonly descriptions: Descriptions;
  readonly inputs: InputFields;
  /** The description of another serializer, once all are there. */
  readonly of: (serializer: Class) => SerializerDescription;
  readonly report: (finding: Finding) => void;
}

/** Derives a serializer from the description of its entity; everything that is wrong is reported. */
export function describeSerializer(
  serializer: ModelSerializer,
  note: SerializerNote,
  tools: DescribeTools,
): SerializerDescription {
  const scope = new SerializerScope(serializer, note, tools);
  const members = Object.freeze(note.options.fields.flatMap((name) => scope.member(name) ?? []));
  scope.checkLists(members);
  const hidden = Object.freeze(scope.hidden(members));
  const byName = new Map(members.map((member) => [member.name, member]));
  return Object.freeze({
    name: serializer.constructor.name.replace(/Serializer$/, '') || serializer.constructor.name,
    type: serializer.constructor as Class,
    serializer,
    entity: scope.entity,
    members,
    hidden,
    writesAlone: writesAlone({ serializer, members, hidden }),
    form: scope.form(members),
    member: (name: string) => byName.get(name),
  });
}

/** One serializer that is being described. */
class SerializerScope {
  readonly entity: EntityDescription;
  private readonly options: SerializerOptions;

  constructor(
    private readonly serializer: ModelSerializer,
    { entity, options }: SerializerNote,
    private readonly tools: DescribeTools,
  ) {
    this.entity = tools.descriptions.of(entity);
    this.options = options;
  }

  member(name: string): Member | undefined {
    const path = this.options.source?.[name] ?? name;
    const found = this.resolve(path);
    if (!isUnknown(found)) return found.relation ? this.related(name, path, found) : this.column(name, path, found);
    return this.computed(name) ?? this.unknown(name, found.unknown, found.known);
  }

  /** Lists of names that name nothing. */
  checkLists(members: readonly Member[]): void {
    const names = members.map(({ name }) => name);
    const {
      readOnly = [],
      writeOnly = [],
      source = {},
      nested = {},
      expand = {},
      references = {},
      choices = {},
    } = this.options;
    const lists = { readOnly, writeOnly, source, nested, expand, references, choices };
    for (const [list, value] of Object.entries(lists))
      for (const name of Array.isArray(value) ? (value as string[]) : Object.keys(value))
        if (!this.options.fields.includes(name))
          this.report('api.E002', `"${name}" is not among the fields`, list, didYouMean(name, names));
  }

  hidden(members: readonly Member[]): SerializerDescription['hidden'] {
    return Object.entries(this.options.hidden ?? {}).map(([path, given]) => {
      const known = this.entity.field(path) ?? this.entity.relation(path);
      if (!known)
        this.report(
          'api.E003',
          `"${path}" is not a field of ${this.entity.name}`,
          'hidden',
          didYouMean(path, knownNames(this.entity)),
        );
      if (members.some((member) => member.writable && 'path' in member && member.path === path))
        this.report('api.E003', `"${path}" is hidden and is taken from input as well`, 'hidden', 'Make it readOnly');
      const value: HiddenValue = typeof given === 'function' ? { value: given } : given;
      return Object.freeze({ path, value: value.value, on: value.on ?? 'create' });
    });
  }

  form(members: readonly Member[]): InputFormClass {
    const flat = members.filter(
      (member): member is ColumnMember | ReferenceMember | NestedMember =>
        member.writable && member.kind !== 'computed' && !(member.kind === 'nested' && member.deep),
    );
    const related = flat.filter((member) => member.kind !== 'column');
    const overrides = {
      ...Object.fromEntries(
        related.map((member) => [
          member.path,
          this.tools.inputs.fieldOf(member, this.options.overrides?.[member.path]),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(this.options.overrides ?? {}).filter(
          ([path]) => !related.some((member) => member.path === path),
        ),
      ),
    };
    const names = new Map(flat.map(({ path, name }) => [path, name]));
    return inputFormFor(this.entity, this.serializer, { fields: [...names.keys()], overrides }, names);
  }

  private column(name: string, path: string, found: ResolvedPath): ColumnMember | undefined {
    const field = found.field!;
    const { label, help } = field;
    const [readable, readOnly] = [this.readable(name), this.isReadOnly(name)];
    if (found.many)
      return this.refuse('api.E004', `"${path}" goes through a list of rows`, name, 'Nest a serializer for the rows');
    if (readable && (field.sensitive || field.format === 'password'))
      return this.refuse('api.E005', `"${path}" must never be shown`, name, `Add "${name}" to writeOnly`);
    const own = found.joins.length === 0;
    const writable =
      own && !readOnly && field.editable && field.kind !== 'binary' && !(field.primary && field.generated !== false);
    return Object.freeze({
      kind: 'column',
      name,
      label,
      help,
      path,
      field,
      joins: found.joins,
      nullable: found.nullable,
      readable,
      writable,
    });
  }

  private related(name: string, path: string, found: ResolvedPath): ReferenceMember | NestedMember | undefined {
    const relation = found.relation!;
    if (found.joins.length > 1)
      return this.refuse('api.E004', `"${path}" goes through another relation`, name, 'Nest a serializer for it');
    const { label, help } = relation;
    const many = relation.kind.endsWith('to-many');
    const held = relation.kind === 'many-to-many' || relation.owning;
    const base = {
      name,
      label,
      help,
      path,
      relation,
      many,
      target: found.entity,
      readable: this.readable(name),
      choices: this.options.choices?.[name] ?? null,
    };
    const writable = relation.editable && !this.isReadOnly(name);
    const nested = this.nestedOf(name);
    if (!nested) return this.reference({ ...base, writable: writable && held });
    const deep = nested.writable ?? false;
    const serializer = this.serializerFor(nested.serializer, relation, name);
    return Object.freeze({
      kind: 'nested',
      ...base,
      serializer,
      deep,
      missing: nested.missing ?? 'merge',
      writable: held ? writable : deep && !this.isReadOnly(name),
    });
  }

  private reference(base: Omit<ReferenceMember, 'kind' | 'style' | 'expanded'>): ReferenceMember | undefined {
    const { name, relation, target } = base;
    const style = this.options.references?.[name] ?? 'key';
    if (typeof style === 'object' && !target.field(style.slug)?.unique)
      return this.refuse(
        'api.E006',
        `"${style.slug}" is no unique field of ${target.name}`,
        name,
        didYouMean(style.slug, knownNames(target)),
      );
    const expand = this.options.expand?.[name];
    const expanded = expand ? this.serializerFor(expand, relation, name) : null;
    return Object.freeze({ kind: 'reference', ...base, writable: base.writable && style !== 'text', style, expanded });
  }

  private computed(name: string): ComputedMember | undefined {
    const method = (this.serializer as unknown as Record<string, unknown>)[name];
    if (typeof method !== 'function' || this.options.source?.[name] !== undefined) return undefined;
    const options = COMPUTED.read(this.serializer.constructor, name) ?? {};
    for (const path of options.needs ?? []) this.checkNeed(name, path);
    const compute = (row: object, context: SerializerContext): unknown =>
      (method as (row: object, context: SerializerContext) => unknown).call(this.serializer, row, context);
    const label = name.charAt(0).toUpperCase() + name.slice(1);
    return Object.freeze({
      kind: 'computed',
      name,
      label,
      help: options.help ?? '',
      compute,
      options,
      readable: true,
      writable: false,
    });
  }

  private checkNeed(name: string, path: string): void {
    const found = this.resolve(path);
    if (isUnknown(found))
      this.report(
        'api.E001',
        `"${path}" is not a field of ${this.entity.name}`,
        `${name}.needs`,
        didYouMean(found.unknown, found.known),
      );
  }

  private nestedOf(name: string): NestedOptions | undefined {
    const given = this.options.nested?.[name];
    return typeof given === 'function' ? { serializer: () => given } : given;
  }

  /** The description of a serializer of related rows; looked up once, after all are there. */
  private serializerFor(
    type: () => SerializerClass,
    relation: RelationDescription,
    name: string,
  ): () => SerializerDescription {
    let known: SerializerDescription | undefined;
    return () => {
      if (known) return known;
      known = this.tools.of(type());
      if (known.entity.target !== relation.target) {
        const message = `${known.type.name} is for ${known.entity.name}, not for ${relation.target.name}`;
        this.report('api.E007', message, name);
      }
      return known;
    };
  }

  private unknown(name: string, part: string, known: readonly string[]): undefined {
    const methods = Object.getOwnPropertyNames(this.serializer.constructor.prototype).filter(
      (method) => !/^(constructor|validate.*|beforeSave|afterSave|readOnlyFor|scopeRelated)$/.test(method),
    );
    const hint = didYouMean(part, [...known, ...methods]) || `Write a method "${name}" that computes it`;
    return this.refuse(
      'api.E001',
      `"${name}" is neither a field of ${this.entity.name} nor a method of the serializer`,
      'fields',
      hint,
    );
  }

  private resolve(path: string): ReturnType<typeof resolvePath> {
    return resolvePath(this.entity, path, (target) =>
      this.tools.descriptions.has(target) ? this.tools.descriptions.of(target) : undefined,
    );
  }

  private readable(name: string): boolean {
    return !this.options.writeOnly?.includes(name);
  }

  private isReadOnly(name: string): boolean {
    return this.options.readOnly?.includes(name) ?? false;
  }

  private refuse(...problem: Parameters<SerializerScope['report']>): undefined {
    this.report(...problem);
    return undefined;
  }

  private report(id: string, message: string, at: string, hint?: string): void {
    const place = `${this.serializer.constructor.name}.${at}`;
    this.tools.report(error(id, message, { at: place, ...(hint && { hint }) }));
  }
}
