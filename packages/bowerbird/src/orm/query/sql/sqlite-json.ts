import { SQLITE_FUNCTIONS as own } from '../../drivers/sqlite-functions.js';
import { checkedKey, JsonDialect, jsonPath, type Json, type JsonType } from './json-dialect.js';
import { bind, raw, sql, type Sql } from './sql.js';

const TYPES: Readonly<Record<JsonType, readonly string[]>> = {
  string: ['text'],
  number: ['integer', 'real'],
  boolean: ['true', 'false'],
  null: ['null'],
  array: ['array'],
  object: ['object'],
};

/** JSON on SQLite, where documents are text. */
export class SqliteJson extends JsonDialect {
  at(document: Sql, keys: readonly string[]): Sql {
    return keys.length === 0 ? document : sql`(${document} -> ${bind(jsonPath(keys))})`;
  }

  isType(value: Sql, types: readonly JsonType[]): Sql {
    const names = types.flatMap((type) => TYPES[type]).map((name) => `'${name}'`);
    return sql`JSON_TYPE(${value}) IN (${raw(names.join(', '))})`;
  }

  text(value: Sql): Sql {
    return sql`(${value} ->> '$')`;
  }

  number(value: Sql): Sql {
    return sql`CAST((${value} ->> '$') AS REAL)`;
  }

  boolean(value: Sql): Sql {
    return this.text(value);
  }

  protected readonly lengthFunction = 'JSON_ARRAY_LENGTH';

  equals(value: Sql, other: Json): Sql {
    return sql`${raw(own.sameJson)}(${value}, ${bind(JSON.stringify(other))})`;
  }

  listContains(value: Sql, other: Json): Sql {
    return sql`${raw(own.containsJson)}(${value}, ${bind(JSON.stringify(other))})`;
  }

  hasKey(value: Sql, key: string): Sql {
    const path = bind(`$."${checkedKey(key)}"`);
    return sql`(${this.isType(value, ['object'])} AND JSON_TYPE(${value}, ${path}) IS NOT NULL)`;
  }

  containedBy(value: Sql, other: Json): Sql {
    return sql`${raw(own.containsJson)}(${bind(JSON.stringify(other))}, ${value})`;
  }
}
