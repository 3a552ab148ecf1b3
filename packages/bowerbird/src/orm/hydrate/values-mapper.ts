import { type JoinScope } from '../query/compile/join-scope.js';
import { type SelectList } from '../query/compile/select-list.js';
import { resolvePath } from '../query/model/resolve-path.js';
import { type RawRow } from '../query/query-engine.js';
import { type RowShape } from '../query/query-state.js';
import { converterOf, type Converter } from './converters.js';

type Reader = (row: RawRow) => unknown;

/** Adds the columns of a row of values to a statement and compiles what makes the row. */
export function compileValues(scope: JoinScope, list: SelectList, shape: RowShape): Reader {
  if (shape.type === 'flat') return compileReader(scope, list, shape.path);
  const paths = shape.type === 'values' ? shape.paths : [];
  const readers = paths.map((path) => [path, compileReader(scope, list, path)] as const);
  return (row) => {
    const values: Record<string, unknown> = {};
    for (const [path, read] of readers) values[path] = read(row);
    return values;
  };
}

/** The value at a path: that of the column, or for a relation its key (an object by path when it has several columns). */
function compileReader(scope: JoinScope, list: SelectList, path: string): Reader {
  const target = resolvePath(scope.model, path);
  const columns = target.columns.map((column, index) => {
    const alias = list.column(scope.column(target.hops, column).sql, column);
    const convert: Converter = converterOf((target.references?.[index] ?? column).metadata) ?? ((value) => value);
    return { name: (target.references?.[index] ?? column).path, read: (row: RawRow) => convert(row[alias]) };
  });
  if (columns.length === 1) return columns[0]!.read;
  return (row) => Object.fromEntries(columns.map(({ name, read }) => [name, read(row)]));
}
