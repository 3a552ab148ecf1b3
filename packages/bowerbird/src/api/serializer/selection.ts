import { type Member, type SerializerDescription } from './serializer-description.js';

/** What of a serializer is shown: all members, or some; the default of references is their key. */
export interface Selection {
  /** Names that are shown; null for all. */
  readonly fields: ReadonlySet<string> | null;
  /** References that are shown as documents, and what of those. */
  readonly expanded: ReadonlySet<string>;
  /** Selections of nested and expanded documents by name; those that are not here are shown whole. */
  readonly nested: ReadonlyMap<string, Selection>;
  /** Equal for equal selections. */
  readonly key: string;
}

/** Everything, with references as keys. */
export const WHOLE: Selection = { fields: null, expanded: new Set(), nested: new Map(), key: '' };

/** One member that is shown, with the description of the documents that stand there. */
export interface Shown {
  readonly member: Member;
  /** For nested and expanded members. */
  readonly document: { readonly description: SerializerDescription; readonly selection: Selection } | null;
}

/** The members of a serializer that a selection shows, in their order. */
export function shownMembers(description: SerializerDescription, selection: Selection): readonly Shown[] {
  return description.members
    .filter(({ name, readable }) => readable && (selection.fields?.has(name) ?? true))
    .map((member) => ({ member, document: documentOf(member, selection) }));
}

function documentOf(member: Member, { expanded, nested }: Selection): Shown['document'] {
  const selection = nested.get(member.name) ?? WHOLE;
  if (member.kind === 'nested') return { description: member.serializer(), selection };
  if (member.kind !== 'reference' || !member.expanded || !expanded.has(member.name)) return null;
  return { description: member.expanded(), selection };
}
