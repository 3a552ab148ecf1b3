import { getMetadataArgsStorage, type EntityMetadata } from 'typeorm';
import { type IndexMetadata } from 'typeorm/metadata/IndexMetadata.js';
import { type DeferrableType } from 'typeorm/metadata/types/DeferrableType.js';

import { FrameworkError, type AnyClass } from '#core';

import { QueryUsageError } from '../../query/query.errors.js';
import { checkedConfig } from '../../query/search/search-config.js';
import { pathOf } from '../describe-relation.js';
import {
  type CheckDescription,
  type ConstraintProblem,
  type ConstraintTelling,
  type Deferral,
  type EntityDescription,
  type ExclusionDescription,
  type IndexDescription,
  type SqlText,
  type UniqueDescription,
} from '../entity-description.js';
import { ConstraintColumns } from './constraint-columns.js';
import { ConstraintTexts } from './constraint-text.js';
import {
  CONSTRAINT_NOTES,
  isPlainSet,
  type ConstraintNote,
  type ExclusionConstraintOptions,
  type IndexParts,
  type TableIndexOptions,
  type UniqueConstraintOptions,
  type ViolationOptions,
} from './constraint.decorators.js';

/** What the constraints of an entity come to. */
export interface DescribedConstraints {
  readonly uniques: readonly UniqueDescription[];
  readonly indexes: readonly IndexDescription[];
  readonly checks: readonly CheckDescription[];
  readonly exclusions: readonly ExclusionDescription[];
  readonly problems: readonly ConstraintProblem[];
  /** What people read, by the name of the constraint. */
  readonly messages: Readonly<Record<string, string>>;
}

/** The lists while they are made. */
interface Lists {
  readonly uniques: UniqueDescription[];
  readonly indexes: IndexDescription[];
  readonly checks: CheckDescription[];
  readonly exclusions: ExclusionDescription[];
}

/** Reads the constraints of an entity: those of TypeORM's decorators, and those of the framework's. */
export function describeConstraints(metadata: EntityMetadata): DescribedConstraints {
  const texts = new ConstraintTexts(new ConstraintColumns(metadata));
  const notes = notesOf(metadata).map((note) => ({
    ...note,
    name: note.name.replaceAll('{table}', metadata.tableName),
  }));
  const lists = typeormConstraints(metadata, new Set(notes.map(({ name }) => name)));
  const problems = foreignOptions(metadata);
  const maker = new ConstraintMaker(metadata, texts, lists);
  for (const note of notes) {
    try {
      maker.add(note);
    } catch (problem) {
      if (!(problem instanceof FrameworkError)) throw problem;
      problems.push({ constraint: note.name, message: problem.message, hint: problem.hint });
    }
  }
  const messages = notes.flatMap(({ name, options }) => ('message' in options ? [[name, options.message!]] : []));
  return { ...lists, problems, messages: Object.fromEntries(messages) as Record<string, string> };
}

/** Turns what decorators noted into descriptions. */
class ConstraintMaker {
  private readonly pathOfColumn: ReadonlyMap<string, string>;

  constructor(
    metadata: EntityMetadata,
    private readonly texts: ConstraintTexts,
    private readonly lists: Lists,
  ) {
    this.pathOfColumn = new Map(metadata.columns.map((column) => [column.databaseName, pathOf(column)]));
  }

  /** @throws FieldError, QueryUsageError */
  add(note: ConstraintNote): void {
    const { name, options } = note;
    if (note.kind === 'check') this.lists.checks.push(this.check(name, note.options));
    else if (note.kind === 'exclusion') this.lists.exclusions.push(this.exclusion(name, note.options));
    else if (note.kind === 'unique' && isSet(note.options)) this.lists.uniques.push(this.set(name, note.options));
    else if (note.kind === 'index' && note.options.fullText !== undefined)
      this.lists.indexes.push(this.fullText(name, note.options, note.options.fullText));
    else
      this.lists.indexes.push(withoutOrder({ ...this.index(name, options as IndexParts<object>), ...rulesOf(note) }));
  }

  private check(name: string, options: Extract<ConstraintNote, { kind: 'check' }>['options']): CheckDescription {
    return Object.freeze({ name, expression: this.texts.condition(options.condition), ...tellingOf(options) });
  }

  private set(name: string, options: UniqueConstraintOptions<object>): UniqueDescription {
    const { fields = [], include, deferrable, nulls } = options;
    return Object.freeze({
      name,
      paths: this.paths(fields),
      ...(include && { include: this.paths(include) }),
      ...(deferrable && { deferrable }),
      ...(nulls === 'same' && { nulls }),
      ...tellingOf(options),
    });
  }

  private index(name: string, options: IndexParts<object>): Omit<IndexDescription, 'unique'> {
    const { include, operators, where } = options;
    const [fields, descending] = directed(options.fields ?? []);
    const expressions = options.expressions?.map((value) => this.texts.indexed(value));
    const spoken = expressions?.flatMap(({ sql }) => this.texts.pathsIn(sql, this.pathOfColumn)) ?? [];
    return {
      name,
      paths: expressions ? Object.freeze([...new Set(spoken)]) : this.paths(fields),
      ...(expressions && { expressions: Object.freeze(expressions) }),
      ...(where !== undefined && { where: this.texts.condition(where) }),
      ...(descending.length > 0 && { descending: Object.freeze(descending) }),
      ...(include && { include: this.paths(include) }),
      ...(operators && { operators }),
    };
  }

  private fullText(name: string, options: TableIndexOptions<object>, fullText: true | string): IndexDescription {
    const { fields = [], where, expressions, include, operators, using } = options;
    if (fields.length === 0 || (where ?? expressions ?? include ?? operators ?? using) !== undefined)
      throw new QueryUsageError('A full-text index has fields and nothing else');
    for (const path of fields) {
      const { kind } = this.texts.columns.one(path);
      if (kind !== 'string' && kind !== 'text')
        throw new QueryUsageError(`A full-text index has texts, and "${path}" is a ${kind}`);
    }
    const index = { name, paths: this.paths(fields), unique: false };
    return Object.freeze({ ...index, fullText: fullText === true ? fullText : checkedConfig(fullText) });
  }

  private exclusion(name: string, options: ExclusionConstraintOptions<object>): ExclusionDescription {
    const { using = 'gist', elements, where, include, deferrable } = options;
    const list = elements.map(([value, operator, operators]) => {
      const text = onPostgres(this.texts.expression(value).sql);
      const part = /^"(?:[^"]|"")*"$/.test(text) ? text : `(${text})`;
      return `${part}${operators === undefined ? '' : ` ${operators}`} WITH ${operator}`;
    });
    const carried = include ? ` INCLUDE (${this.columnNames(include)})` : '';
    const condition = where === undefined ? '' : ` WHERE (${onPostgres(this.texts.condition(where))})`;
    return Object.freeze({
      name,
      expression: `USING ${using} (${list.join(', ')})${carried}${condition}`,
      ...(deferrable && { deferrable }),
      ...tellingOf(options),
    });
  }

  /** The paths, each of which leads to columns. @throws UnknownPathError */
  private paths(paths: readonly string[]): readonly string[] {
    return Object.freeze(paths.map((path) => (this.texts.columns.all(path), path)));
  }

  private columnNames(paths: readonly string[]): string {
    return paths
      .flatMap((path) => this.texts.columns.all(path))
      .map(({ name }) => `"${name.replaceAll('"', '""')}"`)
      .join(', ');
  }
}

/** @throws QueryUsageError for a unique index over expressions that would begin with the greatest */
function withoutOrder(index: IndexDescription): IndexDescription {
  if (!index.unique || !index.expressions?.some(({ descending }) => descending)) return index;
  throw new QueryUsageError('A unique index over expressions has no order', {
    hint: 'Declare another index for the order, by @TableIndex',
  });
}

/** A set without conditions, expressions and operator classes is a constraint; all others are unique indexes. */
function isSet(options: UniqueConstraintOptions<object>): boolean {
  return isPlainSet({ ...options, nulls: 'distinct' });
}

/** What an index is beside its parts. */
function rulesOf(note: ConstraintNote): Pick<IndexDescription, 'unique' | 'using' | 'nulls'> & ConstraintTelling {
  if (note.kind === 'index') return { unique: false, ...(note.options.using && { using: note.options.using }) };
  const options = note.options as UniqueConstraintOptions<object>;
  return { unique: true, ...(options.nulls === 'same' && { nulls: options.nulls }), ...tellingOf(options) };
}

function tellingOf({ code, at }: ViolationOptions): ConstraintTelling {
  return { ...(code !== undefined && { code }), ...(at !== undefined && { at }) };
}

/** @throws QueryUsageError for what PostgreSQL has no words for */
function onPostgres(text: SqlText): string {
  const found = typeof text === 'string' ? text : text.postgres;
  if (found !== undefined) return found;
  throw new QueryUsageError('PostgreSQL, which alone keeps exclusions, has no words for a part of it');
}

/** Those of the class and its parents, and of the classes that share its table. */
function notesOf({ inheritanceTree }: EntityMetadata): readonly ConstraintNote[] {
  return [...new Set(inheritanceTree.flatMap((target) => CONSTRAINT_NOTES.read(target as unknown as AnyClass) ?? []))];
}

/** What TypeORM's decorators say; `own` are names of which the framework knows more. */
function typeormConstraints(metadata: EntityMetadata, own: ReadonlySet<string>): Lists {
  const others = <T extends { readonly name: string }>(parts: readonly T[]) =>
    parts.filter(({ name }) => !own.has(name));
  return {
    uniques: others(uniquesOf(metadata)),
    indexes: others(indexesOf(metadata)),
    checks: metadata.checks.map(({ name, expression }) => Object.freeze({ name, expression })),
    exclusions: exclusionsOf(metadata),
  };
}

function uniquesOf(metadata: EntityMetadata): UniqueDescription[] {
  const deferrals = deferralsOf(metadata);
  const constraints = metadata.uniques.map(({ name, columns }) => ({ name, paths: pathsOf(columns) }));
  // On MySQL TypeORM turns @Unique into a unique index.
  const known = new Set(constraints.map(({ name }) => name));
  const indexes = metadata.indices
    .filter(({ isUnique, where, name }) => isUnique && !where && !known.has(name))
    .map(({ name, columns }) => ({ name, paths: pathsOf(columns) }));
  return [...constraints, ...indexes].map((unique) => {
    const deferrable = deferrals.get(unique.paths.join('\0'));
    return Object.freeze({ ...unique, ...(deferrable && { deferrable }) });
  });
}

/** TypeORM forgets on some databases that a set may wait; migrations must be the same wherever they are written. */
function deferralsOf({ inheritanceTree }: EntityMetadata): ReadonlyMap<string, Deferral> {
  const found = getMetadataArgsStorage().filterUniques(inheritanceTree);
  return new Map(
    found.flatMap(({ columns, deferrable }) =>
      Array.isArray(columns) && deferrable ? [[columns.join('\0'), deferralOf(deferrable)] as const] : [],
    ),
  );
}

function deferralOf(deferrable: DeferrableType): Deferral {
  return deferrable === 'INITIALLY DEFERRED' ? 'deferred' : 'immediate';
}

function indexesOf(metadata: EntityMetadata): IndexDescription[] {
  return metadata.indices
    .filter(({ isUnique, where, columns }) => columns.length > 0 && (!isUnique || where))
    .map(({ name, columns, isUnique, where, type, isFulltext, columnNamesWithOrderingMap: order }) => {
      const descending = pathsOf(columns.filter(({ databasePath }) => order[databasePath] === -1));
      return Object.freeze({
        name,
        paths: pathsOf(columns),
        unique: isUnique,
        ...(descending.length > 0 && { descending }),
        ...(where && { where }),
        ...(type && { using: type }),
        ...(isFulltext && { fullText: true as const }),
      });
    });
}

/** Options of `@Index` that other databases have, or that would make another index than they say. */
const FOREIGN_OPTIONS: readonly (readonly [option: keyof IndexMetadata, name: string, hint: string])[] = [
  ['isNullFiltered', 'nullFiltered', "Say which rows count: { where: '… IS NOT NULL' }"],
  ['isSparse', 'sparse', "Say which rows count: { where: '… IS NOT NULL' }"],
  ['expireAfterSeconds', 'expireAfterSeconds', 'Remove old rows by @Prunable'],
  ['parser', 'parser', 'A full-text index finds words: @TableIndex with fullText'],
];

function foreignOptions({ indices }: EntityMetadata): ConstraintProblem[] {
  return indices.flatMap((index): ConstraintProblem[] => {
    const problem = (message: string, hint: string) => ({
      constraint: index.name,
      message,
      hint,
      ofTable: true as const,
    });
    const { type, isUnique, isSpatial } = index;
    return [
      ...FOREIGN_OPTIONS.filter(([option]) => index[option] !== undefined && index[option] !== false).map(
        ([, name, hint]) => problem(`no database of the framework has the option ${name}`, hint),
      ),
      ...(isSpatial && type !== 'gist'
        ? [problem('spatial is an option of MySQL alone', "On PostgreSQL: @TableIndex with using: 'gist'")]
        : []),
      ...(isUnique && type !== undefined && type !== 'btree'
        ? [problem(`no database has a unique index of the type ${type}`, 'Leave the type out, or `unique`')]
        : []),
    ];
  });
}

/** Paths without the signs before them, and those that had one. */
function directed(fields: readonly string[]): readonly [paths: readonly string[], descending: readonly string[]] {
  const paths = fields.map((field) => field.replace(/^-/, ''));
  return [paths, paths.filter((path, place) => path !== fields[place])];
}

/** TypeORM reads them on PostgreSQL alone; migrations must be the same wherever they are written. */
function exclusionsOf({ inheritanceTree }: EntityMetadata): ExclusionDescription[] {
  return getMetadataArgsStorage()
    .filterExclusions(inheritanceTree)
    .map(({ name, expression, deferrable }) =>
      Object.freeze({
        ...(name !== undefined && { name }),
        expression,
        ...(deferrable && { deferrable: deferralOf(deferrable) }),
      }),
    );
}

function pathsOf(columns: readonly Parameters<typeof pathOf>[0][]): readonly string[] {
  return Object.freeze([...new Set(columns.map(pathOf))]);
}

/** The lists as the description has them. */
export function constraintLists({
  uniques,
  indexes,
  checks,
  exclusions,
  problems,
}: DescribedConstraints): Pick<
  EntityDescription,
  'uniques' | 'indexes' | 'checks' | 'exclusions' | 'constraintProblems'
> {
  return {
    uniques: Object.freeze(uniques),
    indexes: Object.freeze(indexes),
    checks: Object.freeze(checks),
    ...(exclusions.length > 0 && { exclusions: Object.freeze(exclusions) }),
    ...(problems.length > 0 && { constraintProblems: Object.freeze(problems) }),
  };
}
