import { loadedRelation, type EntityDescription } from '#orm';
import { type Disks } from '#storage';

import { type EntityLinks } from './entity-links.js';
import { keyToJson, toJsonOf } from './json-values.js';
import { keyProperty } from './load-plan.js';
import { shownMembers, type Selection, type Shown } from './selection.js';
import { type SerializerContext } from './serializer-context.js';
import {
  type ColumnMember,
  type ComputedMember,
  type ReferenceMember,
  type SerializerDescription,
} from './serializer-description.js';

/** A document: what JSON makes of a row. */
export type Document = Record<string, unknown>;

/** For whom documents are written, and the computed values that are still to come. */
export interface WriteContext {
  readonly context: SerializerContext;
  readonly pending: Promise<void>[];
}

/** Makes the document of a row. */
export type RowWriter = (row: object, writing: WriteContext) => Document;

/** What writers ask for addresses. */
export interface WriterServices {
  readonly links: EntityLinks;
  readonly disks: Disks;
}

type Step = (row: object, document: Document, writing: WriteContext) => void;
type Read = (row: object) => unknown;

/** Compiles what makes documents of loaded rows; the work on names is done once, not for each row. */
export function compileWriter(
  description: SerializerDescription,
  selection: Selection,
  services: WriterServices,
): RowWriter {
  const steps = shownMembers(description, selection).map((shown) => stepOf(shown, description.entity, services));
  return (row, writing) => {
    const document: Document = {};
    for (const step of steps) step(row, document, writing);
    return document;
  };
}

function stepOf(shown: Shown, entity: EntityDescription, services: WriterServices): Step {
  const { member } = shown;
  if (member.kind === 'computed') return computedStep(member);
  if (shown.document)
    return documentStep(shown, compileWriter(shown.document.description, shown.document.selection, services));
  const read =
    member.kind === 'column'
      ? columnReader(member, entity, services)
      : referenceReader(member as ReferenceMember, services);
  return placing(member.name, read);
}

/** Puts a value under a name; names with dots stand inside of objects. */
function placing(name: string, read: Read): Step {
  const steps = name.split('.');
  const last = steps.pop()!;
  if (steps.length === 0) return (row, document) => void (document[last] = read(row));
  return (row, document) => {
    let holder = document;
    for (const step of steps) holder = (holder[step] ??= {}) as Document;
    holder[last] = read(row);
  };
}

function columnReader(
  { path, joins, field }: ColumnMember,
  _entity: EntityDescription,
  { disks }: WriterServices,
): Read {
  const join = joins.at(-1);
  const own = join === undefined ? path : path.slice(join.length + 1);
  const value = pathReader(own);
  const file = field.format === 'file' || field.format === 'image';
  const convert = file
    ? (name: unknown) => (typeof name === 'string' && name !== '' ? disks.default.url(name) : null)
    : toJsonOf(field);
  const read: Read = convert ? (row) => convert(value(row)) : value;
  if (join === undefined) return (row) => read(row) ?? null;
  const holder = relationReader(join);
  return (row) => {
    const related = holder(row);
    return related ? (read(related) ?? null) : null;
  };
}

function pathReader(path: string): Read {
  if (!path.includes('.')) return (row) => (row as Document)[path];
  const steps = path.split('.');
  return (row) => follow(row, steps);
}

/** The value that stands at a path, with dots inside of what is embedded. */
export function readPath(row: object, path: string): unknown {
  return follow(row, path.split('.'));
}

function follow(row: object, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (value as Document | null | undefined)?.[step], row);
}

/** Follows relations to one row that were loaded. */
function relationReader(path: string): (row: object) => object | null {
  const steps = path.split('.');
  return (row) => {
    let holder: object | null = row;
    for (const step of steps) holder = holder && (loadedRelation(holder, step) ?? null);
    return holder;
  };
}

function referenceReader(member: ReferenceMember, services: WriterServices): Read {
  const name = namer(member, services);
  const { path, relation, many, style } = member;
  if (many) return (row) => ((loadedRelation(row, path) ?? []) as readonly object[]).map(name);
  const keyed = relation.owning && relation.columns.length === 1 && (style === 'key' || style === 'link');
  const property = keyProperty(path);
  return (row) => {
    if (keyed && Object.hasOwn(row, property)) return keyed && named(member, (row as Document)[property], services);
    const related = loadedRelation(row, path);
    return related ? name(related) : null;
  };
}

function named({ style, target }: ReferenceMember, key: unknown, { links }: WriterServices): unknown {
  if (key === null || key === undefined) return null;
  return style === 'link' ? links.urlOf(target, key as string) : keyToJson(key);
}

/** What stands for a related row that is loaded. */
function namer({ style, target }: ReferenceMember, { links }: WriterServices): (row: object) => unknown {
  if (style === 'text') return (row) => target.text(row);
  if (typeof style === 'object') return (row) => (row as Document)[style.slug] ?? null;
  if (style === 'link') return (row) => links.urlOf(target, target.keyOf(row));
  return (row) => documentKey(target, row);
}

/** The primary key of a loaded row as documents have it. */
export function documentKey({ primaryKey, keyOf }: EntityDescription, row: object): unknown {
  if (primaryKey.length > 1) return keyOf(row);
  const value = pathReader(primaryKey[0]!)(row);
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? keyOf(row) : keyToJson(value);
}

function documentStep({ member }: Shown, write: RowWriter): Step {
  const { name, path, many } = member as ReferenceMember;
  if (many)
    return (row, document, writing) =>
      void (document[name] = ((loadedRelation(row, path) ?? []) as readonly object[]).map((related) =>
        write(related, writing),
      ));
  return (row, document, writing) => {
    const related = loadedRelation(row, path);
    document[name] = related ? write(related, writing) : null;
  };
}

function computedStep({ name, compute }: ComputedMember): Step {
  return (row, document, { context, pending }) => {
    const value = compute(row, context);
    if (value instanceof Promise) {
      document[name] = null;
      pending.push(value.then((later: unknown) => void (document[name] = later ?? null)));
    } else document[name] = value ?? null;
  };
}
