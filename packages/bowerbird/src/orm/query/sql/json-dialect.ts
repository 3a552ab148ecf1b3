import { BadLookupValueError } from '../query.errors.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/** What a value inside of a JSON document is. */
export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What the databases write differently about JSON documents. */
export abstract class JsonDialect {
  /** The value at some keys of a document, SQL's NULL where there is none. Keys of digits are places in lists. */
  abstract at(document: Sql, keys: readonly string[]): Sql;

  abstract isType(value: Sql, types: readonly JsonType[]): Sql;

  /** A text without its quotes. */
  abstract text(value: Sql): Sql;

  /** A number; the value has to be one. */
  abstract number(value: Sql): Sql;

  /** A truth value; the value has to be one. */
  abstract boolean(value: Sql): Sql;

  /** How many elements a list has; NULL for what is no list. */
  length(value: Sql): Sql {
    return sql`CASE WHEN ${this.isType(value, ['array'])} THEN ${raw(this.lengthFunction)}(${value}) END`;
  }

  protected abstract readonly lengthFunction: string;

  /** Whether two values are the same, whatever the order of keys. */
  abstract equals(value: Sql, other: Json): Sql;

  /** Whether a list holds the elements of another one, or a single element. */
  abstract listContains(value: Sql, other: Json): Sql;

  abstract hasKey(value: Sql, key: string): Sql;

  /** Whether another document has everything that a value has. @throws BadLookupValueError where it cannot be told */
  abstract containedBy(value: Sql, other: Json): Sql;

  /** Whether a document has everything that another one has; lists have their elements in any order. */
  contains(value: Sql, other: Json): Sql {
    if (Array.isArray(other)) return sql`(${this.isType(value, ['array'])} AND ${this.listContains(value, other)})`;
    if (other === null || typeof other !== 'object')
      return sql`(${this.equals(value, other)} OR (${this.isType(value, ['array'])} AND ${this.listContains(value, other)}))`;
    const parts = Object.entries(other).map(([key, inner]) => this.holds(this.at(value, [checkedKey(key)]), inner));
    return sql`(${join([this.isType(value, ['object']), ...parts], ' AND ')})`;
  }

  /** The same below the top, where a list does not stand for its element. */
  private holds(value: Sql, other: Json): Sql {
    return other !== null && typeof other === 'object' ? this.contains(value, other) : this.equals(value, other);
  }
}

/** A key that every database finds. @throws BadLookupValueError for one with quotes or backslashes */
export function checkedKey(key: string): string {
  // oxlint-disable-next-line no-control-regex -- what JSON escapes
  if (key === '' || /["\\\u0000-\u001f]/.test(key))
    throw new BadLookupValueError('a key of JSON', key, 'a text without quotes, backslashes and control characters');
  return key;
}

/** The path of keys as MySQL and SQLite take it. */
export function jsonPath(keys: readonly string[]): string {
  return `$${keys.map((key) => (isPlace(key) ? `[${key}]` : `."${checkedKey(key)}"`)).join('')}`;
}

/** Whether a key is a place in a list. */
export function isPlace(key: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key);
}

const POSTGRES_TYPES: Readonly<Record<JsonType, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
  array: 'array',
  object: 'object',
};

/** JSON on PostgreSQL, by `jsonb`. */
export class PostgresJson extends JsonDialect {
  at(document: Sql, keys: readonly string[]): Sql {
    return keys.reduce(
      (value, key) =>
        isPlace(key) ? sql`(${value} -> ${raw(key)})` : sql`(${value} -> ${bind(checkedKey(key))}::text)`,
      sql`(${document})::jsonb`,
    );
  }

  isType(value: Sql, types: readonly JsonType[]): Sql {
    return sql`JSONB_TYPEOF(${value}) IN (${raw(types.map((type) => `'${POSTGRES_TYPES[type]}'`).join(', '))})`;
  }

  text(value: Sql): Sql {
    return sql`(${value} #>> '{}')`;
  }

  number(value: Sql): Sql {
    return sql`(${value} #>> '{}')::numeric`;
  }

  boolean(value: Sql): Sql {
    return sql`(${value} #>> '{}')::boolean`;
  }

  protected readonly lengthFunction = 'JSONB_ARRAY_LENGTH';

  equals(value: Sql, other: Json): Sql {
    return sql`${value} = ${bind(JSON.stringify(other))}::jsonb`;
  }

  listContains(value: Sql, other: Json): Sql {
    return sql`${value} @> ${bind(JSON.stringify(other))}::jsonb`;
  }

  hasKey(value: Sql, key: string): Sql {
    return sql`JSONB_EXISTS(${value}, ${bind(checkedKey(key))})`;
  }

  containedBy(value: Sql, other: Json): Sql {
    return sql`${value} <@ ${bind(JSON.stringify(other))}::jsonb`;
  }
}

const MYSQL_TYPES: Readonly<Record<JsonType, readonly string[]>> = {
  string: ['STRING'],
  number: ['INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL'],
  boolean: ['BOOLEAN'],
  null: ['NULL'],
  array: ['ARRAY'],
  object: ['OBJECT'],
};

/** JSON on MySQL and MariaDB. */
export class MysqlJson extends JsonDialect {
  at(document: Sql, keys: readonly string[]): Sql {
    return keys.length === 0 ? document : sql`JSON_EXTRACT(${document}, ${bind(jsonPath(keys))})`;
  }

  isType(value: Sql, types: readonly JsonType[]): Sql {
    const names = types.flatMap((type) => MYSQL_TYPES[type]).map((name) => `'${name}'`);
    return sql`JSON_TYPE(${value}) IN (${raw(names.join(', '))})`;
  }

  text(value: Sql): Sql {
    return sql`JSON_UNQUOTE(${value})`;
  }

  number(value: Sql): Sql {
    return sql`(JSON_UNQUOTE(${value}) + 0E0)`;
  }

  boolean(value: Sql): Sql {
    return sql`(JSON_UNQUOTE(${value}) = 'true')`;
  }

  protected readonly lengthFunction = 'JSON_LENGTH';

  equals(value: Sql, other: Json): Sql {
    if (typeof other === 'string') {
      const text = sql`CAST(CONVERT(${this.text(value)} USING utf8mb4) AS BINARY) = CAST(${bind(other)} AS BINARY)`;
      return sql`(${this.isType(value, ['string'])} AND ${text})`;
    }
    if (typeof other === 'number')
      return sql`(${this.isType(value, ['number'])} AND ${this.number(value)} = ${bind(other)})`;
    if (other === null) return this.isType(value, ['null']);
    if (typeof other === 'boolean')
      return sql`(${this.isType(value, ['boolean'])} AND ${this.text(value)} = ${raw(`'${other}'`)})`;
    return this.sameDocument(value, bind(JSON.stringify(other)));
  }

  /**
   * MariaDB reads the comments marked with M and MySQL the others; values stand outside of them, where they are bound.
   * MariaDB's JSON_EQUALS says of NULL that it equals anything.
   */
  private sameDocument(value: Sql, other: Sql): Sql {
    const head = raw('/*M!100700 JSON_EQUALS( */ /*!80000 (CAST( */ ');
    const middle = raw(' /*M!100700 , */ /*!80000 AS JSON) = CAST( */ ');
    const tail = raw(' /*M!100700 ) */ /*!80000 AS JSON)) */');
    return sql`(${value} IS NOT NULL AND ${head}${value}${middle}${other}${tail})`;
  }

  listContains(value: Sql, other: Json): Sql {
    return sql`JSON_CONTAINS(${value}, ${bind(JSON.stringify(other))})`;
  }

  hasKey(value: Sql, key: string): Sql {
    const path = bind(`$."${checkedKey(key)}"`);
    return sql`(${this.isType(value, ['object'])} AND JSON_CONTAINS_PATH(${value}, 'one', ${path}))`;
  }
  /** A list in a list, or a document in one, would be found by JSON_CONTAINS at other depths than PostgreSQL finds it. */
  containedBy(value: Sql, other: Json): Sql {
    if (Array.isArray(other)) return this.inList(value, other);
    if (other === null || typeof other !== 'object') return this.equals(value, other);
    const keys = sql`JSON_CONTAINS(${bind(JSON.stringify(Object.keys(other)))}, JSON_KEYS(${value}))`;
    const parts = Object.entries(other).map(([key, inner]) => {
      const own = this.at(value, [checkedKey(key)]);
      const held = Array.isArray(inner)
        ? sql`(${this.isType(own, ['array'])} AND ${this.inList(own, inner)})`
        : this.containedBy(own, inner);
      return sql`(${own} IS NULL OR ${held})`;
    });
    return sql`(${join([this.isType(value, ['object']), keys, ...parts], ' AND ')})`;
  }

  private inList(value: Sql, other: readonly Json[]): Sql {
    if (other.some((member) => typeof member === 'object' && member !== null))
      throw new BadLookupValueError('containedBy', other, 'lists of plain values on MySQL and MariaDB');
    return sql`JSON_CONTAINS(${bind(JSON.stringify(other))}, ${value})`;
  }
}
