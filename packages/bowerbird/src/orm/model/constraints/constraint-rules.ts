import { conditionFor, sqlNames } from '../../describe/condition-text.js';
import {
  type Dialect,
  type EntityDescription,
  type ExclusionDescription,
  type IndexDescription,
  type SqlText,
} from '../../describe/entity-description.js';
import { defaultNames } from '../../migrations/schema/names.js';
import { exclusionParts, type Comparison } from './exclusion-parts.js';

/** A rule of the table that a row would break. */
export interface BrokenConstraint {
  readonly kind: 'check' | 'unique' | 'exclusion';
  /** As the database names it. */
  readonly name: string;
  /** Paths that it speaks of. */
  readonly paths: readonly string[];
  /** The code of the issue, where the constraint has one of its own. */
  readonly code?: string;
  /** Path of the field that tells, where the constraint names one. */
  readonly at?: string;
  /** What people read, where the entity says it. */
  readonly message?: string;
}

/** A rule in the words of one dialect, as it can be asked. */
export interface ConstraintRule extends BrokenConstraint {
  /** Broken where it is false; of comparisons: the rows that count. */
  readonly condition?: string;
  /** No other row may have all of them hold; empty for a check. */
  readonly comparisons: readonly Comparison[];
  /** The columns that must be known. */
  readonly columns: readonly string[];
}

/** How two values are the same, those that are missing included. */
const SAME: Readonly<Record<Dialect, string>> = { postgres: 'IS NOT DISTINCT FROM', mysql: '<=>', sqlite: 'IS' };

/** The rules of an entity: unique sets, checks, unique indexes and exclusions; of a new row also its key. */
export function constraintRules(
  entity: EntityDescription,
  dialect: Dialect,
  isNew: boolean,
): readonly ConstraintRule[] {
  const read = new RuleReader(entity, dialect);
  return [
    ...uniqueSets(entity, isNew).map(({ name, paths, nulls, ...telling }) =>
      read.set(name, paths, nulls === 'same' ? SAME[dialect] : '=', telling),
    ),
    ...entity.checks.flatMap(({ name, expression, ...telling }) => read.check(name, expression, telling)),
    ...entity.indexes.filter(({ unique }) => unique).flatMap((index) => read.index(index)),
    ...(entity.exclusions ?? []).flatMap((exclusion) => read.exclusion(exclusion)),
  ];
}

/** The rules of the entities of one database; worked out when they are asked for first. */
export class ConstraintRules {
  private readonly ofNew = new Map<EntityDescription, readonly ConstraintRule[]>();
  private readonly ofKnown = new Map<EntityDescription, readonly ConstraintRule[]>();

  constructor(private readonly dialect: Dialect) {}

  /** @see constraintRules */
  of(entity: EntityDescription, isNew: boolean): readonly ConstraintRule[] {
    const kept = isNew ? this.ofNew : this.ofKnown;
    const rules = kept.get(entity) ?? constraintRules(entity, this.dialect, isNew);
    kept.set(entity, rules);
    return rules;
  }
}

/** What a constraint says of how it is told. */
interface Telling {
  readonly code?: string;
  readonly at?: string;
}

/** Turns descriptions into rules. */
class RuleReader {
  /** Columns to the paths that people know them by: of a relation rather than of its key. */
  private readonly paths = new Map<string, string>();

  constructor(
    private readonly entity: EntityDescription,
    private readonly dialect: Dialect,
  ) {
    for (const { path, column, relation } of entity.fields) this.paths.set(column, relation ?? path);
    for (const relation of entity.relations)
      for (const { column } of relation.columns) this.paths.set(column, relation.path);
  }

  check(name: string, expression: SqlText, telling: Telling): ConstraintRule[] {
    const condition = this.text(expression);
    if (condition === '') return [];
    return [{ ...this.rule('check', name, telling, [condition]), condition, comparisons: [] }];
  }

  set(name: string, paths: readonly string[], operator: string, telling: Telling): ConstraintRule {
    const columns = paths.flatMap((path) => this.columnsOf(path));
    const comparisons = columns.map((column) => ({ sql: this.quote(column), operator }));
    return { ...this.rule('unique', name, telling, []), paths, columns, comparisons };
  }

  index({ name, paths, where, expressions, nulls, code, at }: IndexDescription): ConstraintRule[] {
    const telling = { ...(code !== undefined && { code }), ...(at !== undefined && { at }) };
    const operator = nulls === 'same' ? SAME[this.dialect] : '=';
    const condition = where === undefined ? undefined : this.text(where);
    const made = expressions?.map(({ sql }) => this.text(sql));
    if (condition === '' || made?.includes('')) return [];
    const plain = this.set(name, paths, operator, telling);
    const texts = [...(made ?? []), ...(condition === undefined ? [] : [condition])];
    const spoken = this.rule('unique', name, telling, texts);
    return [
      {
        ...spoken,
        paths,
        columns: [...new Set([...spoken.columns, ...(made ? [] : plain.columns)])],
        comparisons: made ? made.map((sql) => ({ sql: `(${sql})`, operator })) : plain.comparisons,
        ...(condition !== undefined && { condition }),
      },
    ];
  }

  /** Only PostgreSQL has them; one that does not read as usual is left to the database. */
  exclusion({ name, expression, code, at }: ExclusionDescription): ConstraintRule[] {
    const parts = this.dialect === 'postgres' ? exclusionParts(expression) : undefined;
    if (!parts) return [];
    const { comparisons, where } = parts;
    const telling = { ...(code !== undefined && { code }), ...(at !== undefined && { at }) };
    const texts = [...comparisons.map(({ sql }) => sql), ...(where === undefined ? [] : [where])];
    const usual = defaultNames.exclusion(this.entity.table, expression);
    const rule = this.rule('exclusion', name ?? usual, telling, texts);
    return [{ ...rule, comparisons, ...(where !== undefined && { condition: where }) }];
  }

  private rule(
    kind: BrokenConstraint['kind'],
    name: string,
    telling: Telling,
    texts: readonly string[],
  ): Omit<ConstraintRule, 'comparisons'> {
    const names = new Set(texts.flatMap((text) => sqlNames(text.replaceAll('`', '"'))));
    const columns = [...this.paths.keys()].filter((column) => names.has(column));
    const message = this.entity.messages[name];
    return {
      kind,
      name,
      ...telling,
      paths: [...new Set(columns.map((column) => this.paths.get(column)!))],
      columns,
      ...(message !== undefined && { message }),
    };
  }

  private columnsOf(path: string): readonly string[] {
    const relation = this.entity.relation(path);
    if (relation && relation.columns.length > 0) return relation.columns.map(({ column }) => column);
    const field = this.entity.field(path);
    return field ? [field.column] : [];
  }

  private text(sql: SqlText): string {
    const text = typeof sql === 'string' ? sql : (sql[this.dialect] ?? '');
    return conditionFor(this.dialect, text);
  }

  private quote(name: string): string {
    return conditionFor(this.dialect, `"${name.replaceAll('"', '""')}"`);
  }
}

type NamedSet = Pick<EntityDescription['uniques'][number], 'name' | 'paths' | 'nulls' | 'code' | 'at'>;

/** Declared sets first, so that theirs are the names; then what is unique by itself. */
function uniqueSets(
  { uniques, fields, relations, primaryKey }: EntityDescription,
  isNew: boolean,
): readonly NamedSet[] {
  const alone = [
    ...fields.filter(({ unique, primary }) => unique && !primary),
    ...relations.filter(({ unique, owning }) => unique && owning),
  ];
  const sets: NamedSet[] = [
    ...uniques.map(({ name, paths, nulls, code, at }) => ({
      name,
      paths,
      ...(nulls && { nulls }),
      ...(code !== undefined && { code }),
      ...(at !== undefined && { at }),
    })),
    ...alone.map(({ path }) => ({ name: path, paths: [path] })),
    ...(isNew ? [{ name: 'PRIMARY', paths: primaryKey }] : []),
  ];
  const distinct = new Map<string, NamedSet>();
  for (const set of sets) {
    const key = [...set.paths].sort().join('\0');
    if (!distinct.has(key)) distinct.set(key, set);
  }
  return [...distinct.values()];
}
