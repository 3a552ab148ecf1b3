import { type ExpressionCompiler } from '../query/compile/expression-compiler.js';
import { type SelectList } from '../query/compile/select-list.js';
import { tryResolvePath } from '../query/model/resolve-path.js';
import { type RawRow } from '../query/query-engine.js';
import { type RowShape } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';
import { readerOf } from './computed-values.js';
import { converterOf, type Converter } from './converters.js';

type Reader = (row: RawRow) => unknown;

/** Adds the columns of a row of values to a statement and compiles what makes the row. */
export function compileValues(compiler: ExpressionCompiler, list: SelectList, shape: RowShape): Reader {
  if (shape.type === 'flat') return compileReader(compiler, list, shape.path);
  if (shape.type === 'pairs') throw unselected();
  const paths = shape.type === 'values' ? shape.paths : [];
  const later = compiler.annotations.all.filter(({ selected }) => selected).map(({ name }) => name);
  const readers = [...new Set([...paths, ...later])].map(
    (path) => [path, compileReader(compiler, list, path)] as const,
  );
  if (shape.type === 'values' && shape.list) return (row) => readers.map(([, read]) => read(row));
  return (row) => {
    const values: Record<string, unknown> = {};
    for (const [path, read] of readers) values[path] = read(row);
    return values;
  };
}

/** The value at a path: that of the column, or for a relation its key (an object by path when it has several columns). */
function compileReader(compiler: ExpressionCompiler, list: SelectList, path: string): Reader {
  const { scope } = compiler;
  const target = compiler.knows(path) ? undefined : tryResolvePath(scope.model, path);
  if (!target) return compileComputed(compiler, list, path);
  const columns = target.columns.map((column, index) => {
    const alias = list.column(scope.column(target.hops, column).sql, column);
    const convert: Converter = converterOf((target.references?.[index] ?? column).metadata) ?? ((value) => value);
    return { alias, name: (target.references?.[index] ?? column).path, read: (row: RawRow) => convert(row[alias]) };
  });
  if (columns.length === 1) compiler.selected.set(path, columns[0]!.alias);
  if (columns.length === 1) return columns[0]!.read;
  return (row) => Object.fromEntries(columns.map(({ name, read }) => [name, read(row)]));
}

function unselected(): QueryUsageError {
  return new QueryUsageError('Rows that a right or a full join has put together are no entities', {
    hint: 'Select what is needed by values()',
  });
}

function compileComputed(compiler: ExpressionCompiler, list: SelectList, name: string): Reader {
  const value = compiler.joining(name).path(name);
  const alias = list.add(compiler.dialect.expressions.selected(value));
  compiler.selected.set(name, alias);
  const read = readerOf(value);
  return (row) => read(row[alias]);
}
