import { nearest } from '#core';

import { WHOLE, type Selection } from '../serializer/selection.js';
import { type Member, type SerializerDescription } from '../serializer/serializer-description.js';

/** A name that a selection cannot have; the message says why. */
export class SelectionError extends Error {}

/** Most documents inside of each other, since serializers may lead in circles. */
const DEEPEST = 4;

/** What is shown of the documents of one serializer, while the parameters are read. */
export class SelectionLevel {
  /** Names that are shown; null for all. */
  private fields: Set<string> | null = null;
  private readonly expanded = new Set<string>();
  private readonly inner = new Map<string, SelectionLevel>();

  constructor(
    private readonly description: SerializerDescription,
    private readonly prefix = '',
    private readonly depth = 1,
  ) {}

  /** Shows nothing but what is named. @throws SelectionError */
  show(path: string): void {
    const { members, rest } = this.find(path);
    this.fields ??= new Set();
    for (const { name } of members) this.fields.add(name);
    if (rest !== undefined) this.level(members[0]!).show(rest);
  }

  /** Shows a reference as a document. @throws SelectionError */
  expand(path: string): void {
    const { members, rest } = this.find(path);
    const [member] = members as [Member];
    if (rest === undefined && !isExpandable(member)) throw new SelectionError(this.notExpandable(member));
    const level = this.level(member);
    this.fields?.add(member.name);
    if (rest !== undefined) level.expand(rest);
  }

  /** Paths that can be expanded, as far down as makes sense in a description. */
  expandable(levels = 2): readonly string[] {
    return this.readable().flatMap((member) => {
      const own = isExpandable(member) ? [this.prefix + member.name] : [];
      return levels > 1 && documentOf(member) ? [...own, ...this.level(member).expandable(levels - 1)] : own;
    });
  }

  /** The selection; equal ones have equal keys, however they were written. */
  selection(): Selection {
    const fields = this.fields && this.fields.size < this.readable().length ? this.fields : null;
    const nested = new Map(
      [...this.inner]
        .filter(([name]) => fields?.has(name) ?? true)
        .map(([name, level]) => [name, level.selection()] as const)
        .filter(([, selection]) => selection !== WHOLE)
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
    if (fields === null && this.expanded.size === 0 && nested.size === 0) return WHOLE;
    return Object.freeze({ fields, expanded: this.expanded, nested, key: keyOf(fields, this.expanded, nested) });
  }

  private readable(): readonly Member[] {
    return this.description.members.filter(({ readable }) => readable);
  }

  /** Names have dots themselves where they stand inside of objects, all of which may be named by their beginning. */
  private find(path: string): { readonly members: readonly Member[]; readonly rest: string | undefined } {
    const all = this.readable();
    const exact = all.filter(({ name }) => name === path);
    const members = exact.length > 0 ? exact : all.filter(({ name }) => name.startsWith(`${path}.`));
    if (members.length > 0) return { members, rest: undefined };
    const outer = all.find(({ name }) => path.startsWith(`${name}.`));
    return outer ? { members: [outer], rest: path.slice(outer.name.length + 1) } : this.unknown(path);
  }

  /** What is shown of the documents that stand at a member, which is expanded for it. */
  private level(member: Member): SelectionLevel {
    const path = this.prefix + member.name;
    const description = documentOf(member);
    if (!description) throw new SelectionError(`"${path}" has no fields.`);
    if (this.depth >= DEEPEST) throw new SelectionError(`"${path}" is too far down.`);
    if (isExpandable(member)) this.expanded.add(member.name);
    const level = this.inner.get(member.name) ?? new SelectionLevel(description, `${path}.`, this.depth + 1);
    this.inner.set(member.name, level);
    return level;
  }

  private unknown(path: string): never {
    const [first = ''] = path.split('.');
    const names = this.readable().map(({ name }) => name);
    const near = first.length > 80 ? undefined : (nearest(path.slice(0, 80), names) ?? nearest(first, names));
    const guess = near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean "${this.prefix}${near}"?`;
    throw new SelectionError(`There is no field "${(this.prefix + path).slice(0, 80)}". ${guess}`);
  }

  private notExpandable(member: Member): string {
    const path = this.prefix + member.name;
    return member.kind === 'nested' ? `"${path}" is shown as a document anyway.` : `"${path}" cannot be expanded.`;
  }
}

/** What writes the documents at a member; undefined where there are none. */
function documentOf(member: Member): SerializerDescription | undefined {
  if (member.kind === 'nested') return member.serializer();
  return member.kind === 'reference' ? member.expanded?.() : undefined;
}

function isExpandable(member: Member): boolean {
  return member.kind === 'reference' && member.expanded !== null;
}

function keyOf(
  fields: ReadonlySet<string> | null,
  expanded: ReadonlySet<string>,
  nested: ReadonlyMap<string, Selection>,
): string {
  const shown = fields ? [...fields].toSorted().join(',') : '*';
  const inner = [...nested].map(([name, { key }]) => `${name}(${key})`).join(',');
  return `${shown}|${[...expanded].toSorted().join(',')}|${inner}`;
}
