import { fixDecimal } from '../describe/decimal.js';
import { type FieldKind } from '../describe/entity-description.js';
import { type ExpressionCompiler } from '../query/compile/expression-compiler.js';
import { type SelectList } from '../query/compile/select-list.js';
import { type CompiledExpression } from '../query/expressions/expression.js';
import { type RawRow } from '../query/query-engine.js';
import { converterOf, type Converter } from './converters.js';

/** Puts the annotations of a row on its entity. */
export type AnnotationWriter = (entity: object, row: RawRow) => void;

/** Under this name an entity keeps annotations whose names are those of its own properties. */
const HIDDEN = Symbol('bowerbird:annotations');

type Keeper = { [HIDDEN]?: Record<string, unknown> };

/** What makes values of a kind out of what any of the drivers gives. */
const READERS: Readonly<Record<FieldKind, (value: unknown, scale: number | undefined) => unknown>> = {
  string: String,
  text: String,
  enum: String,
  uuid: String,
  integer: Number,
  float: Number,
  bigint: String,
  decimal: (value, scale) => readDecimal(String(value), scale),
  boolean: (value) => value === true || Number(value) === 1,
  date: (value) => String(value).slice(0, 10),
  time: readTime,
  datetime: readMoment,
  json: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value),
  binary: (value) => value,
};

/** Kinds that databases widen, so that the driver's value of an expression is not that of the column in it. */
const WIDENED: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'bigint', 'float', 'decimal', 'boolean']);

/** What turns the driver's value of an expression into that of its kind; NULL stays. */
export function readerOf({ kind, scale, column }: CompiledExpression): Converter {
  if (column && column.kind === kind && (column.metadata.transformer || !WIDENED.has(kind)))
    return converterOf(column.metadata) ?? ((value) => value);
  const read = READERS[kind];
  return (value) => (value === null || value === undefined ? null : read(value, scale));
}

/** Adds the annotations that rows carry to a statement; undefined where there are none. */
export function selectAnnotations(compiler: ExpressionCompiler, list: SelectList): AnnotationWriter | undefined {
  const names = new Set(compiler.annotations.all.filter(({ selected }) => selected).map(({ name }) => name));
  const own = new Set(compiler.scope.model.knownNames());
  const writers = [...names].map((name): AnnotationWriter => {
    const value = compiler.path(name);
    const alias = list.add(compiler.dialect.expressions.selected(value));
    compiler.selected.set(name, alias);
    const read = readerOf(value);
    if (own.has(name)) return (entity, row) => hide(entity, name, read(row[alias]));
    return (entity, row) => ((entity as Record<string, unknown>)[name] = read(row[alias]));
  });
  if (writers.length === 0) return undefined;
  return (entity, row) => writers.forEach((write) => write(entity, row));
}

/**
 * The annotations of a loaded row that have the name of one of its own properties, which keep their declared values:
 * `annotate({ comments: Count('comments') })` leaves `post.comments` to the relation.
 */
export function hiddenAnnotations(row: object): Readonly<Record<string, unknown>> {
  return (row as Keeper)[HIDDEN] ?? {};
}

function hide(entity: object, name: string, value: unknown): void {
  const keeper = entity as Keeper;
  if (!keeper[HIDDEN]) Object.defineProperty(keeper, HIDDEN, { value: {}, enumerable: false });
  keeper[HIDDEN]![name] = value;
}

/** Databases give as many digits as they like where the scale is not known: zeros at the end say nothing. */
function readDecimal(text: string, scale: number | undefined): string {
  if (scale !== undefined) return fixDecimal(text, scale);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** MySQL always gives six digits behind the second, SQLite three. */
function readTime(value: unknown): string {
  return String(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

function readMoment(value: unknown): Date {
  return value instanceof Date ? value : new Date(`${String(value).replace(' ', 'T')}Z`);
}
