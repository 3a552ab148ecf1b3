import { type CatalogCheck, type CatalogForeignKey, type CatalogKey } from '../catalog.js';
import { closing, isMark, isWord, splitByComma, sqlTokens, type SqlToken } from './sql-tokens.js';

/** A foreign key, as far as only the text of a table tells it. */
export type WrittenForeignKey = CatalogKey & Pick<CatalogForeignKey, 'deferrable'>;

/** What the pragmas of SQLite do not tell of a table, read from the statement that made it. */
export interface TableSql {
  readonly checks: readonly CatalogCheck[];
  readonly uniques: readonly CatalogKey[];
  readonly foreignKeys: readonly WrittenForeignKey[];
  /** Name of the primary key; empty when it has none. */
  readonly primaryKey: string;
  /** Expressions of computed columns. */
  readonly expressions: ReadonlyMap<string, string>;
  readonly collations: ReadonlyMap<string, string>;
}

/** One rule found in the text: `CHECK (…)`, with the name before it. */
interface Rule {
  readonly kind: string;
  readonly name: string;
  /** The column whose definition it stands in. */
  readonly column: string | undefined;
  /** What follows its first word. */
  readonly rest: readonly SqlToken[];
}

const TABLE_RULES = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'];
const RULES = ['PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN', 'REFERENCES', 'COLLATE', 'GENERATED', 'AS', 'DEFAULT'];

/** Reads a CREATE TABLE statement. */
export function parseTableSql(sql: string): TableSql {
  const tokens = sqlTokens(sql);
  const open = tokens.findIndex((token) => isMark(token, '('));
  const body = open < 0 ? [] : tokens.slice(open + 1, closing(tokens, open));
  const rules = splitByComma(body).flatMap(rulesOf);
  const of = (...kinds: string[]) => rules.filter(({ kind }) => kinds.includes(kind));
  return {
    checks: of('CHECK').map(({ name, rest }) => ({ name, expression: insideOf(sql, rest) })),
    uniques: of('UNIQUE').map(({ name, column, rest }) => ({ name, columns: columnsOf(column, rest) })),
    foreignKeys: of('FOREIGN', 'REFERENCES').map(({ name, column, rest }) => ({
      name,
      columns: columnsOf(column, rest),
      deferrable: deferrableOf(rest),
    })),
    primaryKey: of('PRIMARY')[0]?.name ?? '',
    expressions: new Map(of('GENERATED', 'AS').map(({ column = '', rest }) => [column, insideOf(sql, rest)])),
    collations: new Map(of('COLLATE').map(({ column = '', rest }) => [column, rest[0]?.value ?? ''])),
  };
}

/** The rules of one part of the body: of a column, or of the table. */
function rulesOf(part: readonly SqlToken[]): readonly Rule[] {
  const ofTable = isWord(part[0], ...TABLE_RULES);
  const column = ofTable ? undefined : part[0]!.value;
  const rules: Rule[] = [];
  let name = '';
  for (let index = ofTable ? 0 : 1; index < part.length; index += 1) {
    const token = part[index]!;
    if (isMark(token, '(')) index = closing(part, index);
    else if (isWord(token, 'CONSTRAINT')) name = part[(index += 1)]?.value ?? '';
    else if (isWord(token, ...RULES) && !continues(rules.at(-1), token)) {
      rules.push({ kind: token.value.toUpperCase(), name, column, rest: part.slice(index + 1) });
      name = '';
    }
  }
  return rules;
}

/** `GENERATED ALWAYS AS` and `FOREIGN KEY … REFERENCES` are one rule each. */
function continues(rule: Rule | undefined, token: SqlToken): boolean {
  return (
    (rule?.kind === 'GENERATED' && isWord(token, 'AS')) || (rule?.kind === 'FOREIGN' && isWord(token, 'REFERENCES'))
  );
}

/** The text between the first parentheses. */
function insideOf(sql: string, rest: readonly SqlToken[]): string {
  const open = rest.findIndex((token) => isMark(token, '('));
  if (open < 0) return '';
  return sql.slice(rest[open]!.end, rest[closing(rest, open)]?.start).trim();
}

function columnsOf(column: string | undefined, rest: readonly SqlToken[]): readonly string[] {
  if (column !== undefined) return [column];
  const open = rest.findIndex((token) => isMark(token, '('));
  if (open < 0) return [];
  return splitByComma(rest.slice(open + 1, closing(rest, open))).map(([first]) => first!.value);
}

function deferrableOf(rest: readonly SqlToken[]): WrittenForeignKey['deferrable'] {
  const at = rest.findIndex((token) => isWord(token, 'DEFERRABLE'));
  if (at < 0 || isWord(rest[at - 1], 'NOT')) return false;
  return isWord(rest[at + 1], 'INITIALLY') && isWord(rest[at + 2], 'DEFERRED') ? 'deferred' : 'immediate';
}
