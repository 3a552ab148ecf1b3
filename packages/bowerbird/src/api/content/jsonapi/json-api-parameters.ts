import { UnknownParameterError } from '../../api.errors.js';
import { ParameterProblems } from '../../filters/parameter-problems.js';
import { nearestParameter, onlyText, type ParameterReader, type Parameters } from '../../filters/parameters.js';
import { SelectionError, SelectionLevel } from '../../filters/selection-level.js';
import { type Selection } from '../../serializer/selection.js';
import { type SerializerDescription } from '../../serializer/serializer-description.js';
import { type FormatScope } from '../api-format.js';
import { keyMembers, resourceType } from './resource-type.js';

const INCLUDE = 'include';
const FAMILY = /^(filter|page|fields)\[([^[\]]+)\]$/;

/** Families that the specification has, and what reads them here. */
const READERS: Readonly<Record<string, (scope: FormatScope) => ParameterReader | undefined>> = {
  filter: ({ description, action }) => (action.standard === 'list' ? description.filters : undefined),
  page: ({ description, action }) => (action.standard === 'list' ? description.pagination : undefined),
};

/** Parameters that mean the same as ours under another name; null for those that the selection reads. */
const NAMES: Readonly<Record<string, string | null>> = {
  sort: 'ordering',
  search: 'search',
  filter: 'filter',
  format: 'format',
  [INCLUDE]: null,
};

/** Our name of a parameter; null for what is read as a selection, undefined for what JSON:API does not have. */
export function ownName(name: string, scope: FormatScope): string | null | undefined {
  if (Object.hasOwn(NAMES, name)) return NAMES[name];
  const [, family = '', inner = ''] = FAMILY.exec(name) ?? [];
  if (family === 'fields') return null;
  const names = READERS[family]?.(scope)?.parameters.map((parameter) => parameter.name) ?? [];
  if (names.includes(inner)) return inner;
  return family === 'page' && inner === 'number' && names.includes('page') ? 'page' : undefined;
}

/** Parameters of JSON:API under our names. @throws UnknownParameterError */
export function ownParameters(given: Parameters, scope: FormatScope): Parameters {
  const own = [...given].map(([name, values]) => [name, ownName(name, scope), values] as const);
  const unknown = own.filter(([, ours]) => ours === undefined).map(([name]) => name);
  const known = knownNames(scope);
  if (unknown.length > 0)
    throw new UnknownParameterError(unknown.slice(0, 10).map((name) => [name, nearestParameter(name, known)] as const));
  return new Map(own.flatMap(([, ours, values]) => (typeof ours === 'string' ? [[ours, values] as const] : [])));
}

/** The names under which JSON:API has what a list understands. */
export function knownNames(scope: FormatScope): readonly string[] {
  const inner = Object.entries(READERS).flatMap(([family, reader]) =>
    (reader(scope)?.parameters ?? []).map(({ name }) => `${family}[${name}]`),
  );
  return [...Object.keys(NAMES), ...inner, `fields[${resourceType(scope.action.serializer.entity)}]`];
}

/** The paths that `include` names, with everything on the way; null where nothing is said. */
export function includedPaths(given: Parameters): ReadonlySet<string> | null {
  const text = given.get(INCLUDE)?.[0];
  if (text === undefined) return null;
  const steps = (path: string): readonly string[] => {
    const names = path.split('.');
    return names.map((_, index) => names.slice(0, index + 1).join('.'));
  };
  return new Set(text.split(',').filter(Boolean).flatMap(steps));
}

/** What `include` and `fields[type]` show. @throws BadParametersError unless the problems are collected */
export function readSelection(
  given: Parameters,
  { action: { serializer } }: FormatScope,
  collected?: ParameterProblems,
): Selection {
  return ParameterProblems.collect(collected, (problems) => {
    const level = new SelectionLevel(serializer);
    const include = onlyText(given, INCLUDE, problems) ?? '';
    for (const path of include.split(',').filter(Boolean))
      if (!isNested(serializer, path)) attempt(INCLUDE, problems, () => level.expand(path));
    const fieldsets = fieldsetsOf(given, problems);
    if (fieldsets.size === 0) return level.selection();
    const types = new Set<string>();
    for (const [parameter, path] of paths({ serializer, shown: level.selection(), prefix: '', fieldsets, types }))
      attempt(parameter, problems, () => level.show(path));
    for (const type of fieldsets.keys())
      if (!types.has(type)) problems.add(`fields[${type}]`, `There are: ${[...types].join(', ')}.`);
    return level.selection();
  });
}

interface FieldsetWalk {
  readonly serializer: SerializerDescription;
  readonly shown: Selection;
  readonly prefix: string;
  readonly fieldsets: ReadonlyMap<string, readonly string[]>;
  /** The types that were met. */
  readonly types: Set<string>;
}

type NamedPath = readonly [parameter: string, path: string];

/** The paths that the fieldsets of all levels show. Keys are always shown, since they name the resources. */
function paths({ serializer, shown, prefix, fieldsets, types }: FieldsetWalk): readonly NamedPath[] {
  const type = resourceType(serializer.entity);
  types.add(type);
  const readable = serializer.members.filter((member) => member.readable).map(({ name }) => name);
  const keys = keyMembers(serializer)?.map(({ name }) => name) ?? readable;
  const names = new Set([...keys, ...(fieldsets.get(type) ?? readable)]);
  // The fields of what is included count where the reference itself is left out, too: their type is known.
  return [...new Set([...names, ...shown.expanded])].flatMap((name): readonly NamedPath[] => {
    const inner = innerOf(serializer, name, shown);
    const walk = inner && { ...inner, prefix: `${prefix}${name}.`, fieldsets, types };
    const deeper = walk ? paths(walk) : [[`fields[${type}]`, prefix + name] as const];
    return names.has(name) ? deeper : [];
  });
}

function innerOf(
  serializer: SerializerDescription,
  name: string,
  { expanded, nested }: Selection,
): Pick<FieldsetWalk, 'serializer' | 'shown'> | undefined {
  const member = serializer.member(name);
  const shown = nested.get(name) ?? { fields: null, expanded: new Set<string>(), nested: new Map(), key: '' };
  if (member?.kind === 'nested') return { serializer: member.serializer(), shown };
  if (member?.kind !== 'reference' || !member.expanded || !expanded.has(name)) return undefined;
  return { serializer: member.expanded(), shown };
}

function fieldsetsOf(given: Parameters, problems: ParameterProblems): ReadonlyMap<string, readonly string[]> {
  const found = [...given.keys()].flatMap((name) => {
    const [, family, type] = FAMILY.exec(name) ?? [];
    if (family !== 'fields' || type === undefined) return [];
    const text = onlyText(given, name, problems) ?? '';
    return [[type, text.split(',').filter(Boolean).slice(0, 100)] as const];
  });
  return new Map(found);
}

/** Documents that are always there need not be asked for. */
function isNested(serializer: SerializerDescription, path: string): boolean {
  const member = serializer.member(path);
  return member?.kind === 'nested';
}

function attempt(name: string, problems: ParameterProblems, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    problems.add(name, error.message);
  }
}
