/** Ordinary and partitioned tables, views and foreign tables; partitions belong to their parents. */
const RELATIONS = `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = ?`;

/** The schema that is meant when none is said. */
export const CURRENT_SCHEMA = 'SELECT current_schema() AS schema';

/** What is in the schema, with the tables from which a table inherits. */
export const RELATION_ROWS = `
  SELECT c.relname AS "table", c.relkind AS kind, c.relispartition AS partition,
    obj_description(c.oid, 'pg_class') AS comment,
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitioned,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END AS definition,
    (SELECT string_agg(p.relname, ', ') FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid) AS parents
  FROM ${RELATIONS}
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.relname`;

/** Every column; of lists and domains also the type below. */
export const COLUMN_ROWS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    t.typtype AS "typeKind", t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' AS "isArray",
    COALESCE(e.typtype, t.typtype) AS "elementKind", COALESCE(e.typname, t.typname) AS "elementName",
    COALESCE(e.oid, t.oid)::text AS element,
    format_type(NULLIF(t.typbasetype, 0), t.typtypmod) AS base,
    EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = COALESCE(e.oid, t.oid) AND d.deptype = 'e') AS "ofExtension",
    NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS "default", a.attidentity AS identity,
    a.attgenerated AS generated, col_description(c.oid, a.attnum) AS comment,
    CASE WHEN a.attcollation <> t.typcollation THEN l.collname END AS collation,
    CASE WHEN c.relkind IN ('r', 'p') THEN
      pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) END AS sequence
  FROM ${RELATIONS}
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typlen = -1 AND t.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
  WHERE c.relkind IN ('r', 'p', 'v', 'm')
  ORDER BY c.relname, a.attnum`;

const namesOf = (list: string, relation: string): string => `
  (SELECT json_agg(a.attname ORDER BY k.position) FROM unnest(${list}) WITH ORDINALITY AS k(number, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

/** Primary keys, unique sets, foreign keys, checks and exclusions. */
export const CONSTRAINT_ROWS = `
  SELECT c.relname AS "table", o.conname AS name, o.contype AS kind, ${namesOf('o.conkey', 'o.conrelid')} AS columns,
    f.relname AS target, s.nspname AS "targetSchema", ${namesOf('o.confkey', 'o.confrelid')} AS references,
    o.confdeltype AS "onDelete", o.confupdtype AS "onUpdate", o.condeferrable AS deferrable, o.condeferred AS deferred,
    pg_get_expr(o.conbin, o.conrelid) AS expression, pg_get_constraintdef(o.oid) AS definition
  FROM ${RELATIONS}
  JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid
  LEFT JOIN pg_catalog.pg_class f ON f.oid = o.confrelid
  LEFT JOIN pg_catalog.pg_namespace s ON s.oid = f.relnamespace
  WHERE o.contype IN ('p', 'u', 'f', 'c', 'x') AND o.conparentid = 0
  ORDER BY c.relname, o.conname`;

/** Indexes that no constraint owns. */
export const INDEX_ROWS = `
  SELECT c.relname AS "table", i.relname AS name, x.indisunique AS "unique", m.amname AS method,
    pg_get_indexdef(x.indexrelid) AS definition, pg_get_expr(x.indpred, x.indrelid) AS condition,
    x.indnatts > x.indnkeyatts AS covering,
    (SELECT json_agg(json_build_object('column', a.attname, 'text', pg_get_indexdef(x.indexrelid, k.position::int, true),
        'options', x.indoption[k.position - 1], 'operators', CASE WHEN o.opcdefault THEN NULL ELSE o.opcname END)
        ORDER BY k.position)
      FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(number, position)
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number AND k.number <> 0
      JOIN pg_catalog.pg_opclass o ON o.oid = x.indclass[k.position - 1]
      WHERE k.position <= x.indnkeyatts) AS parts
  FROM ${RELATIONS}
  JOIN pg_catalog.pg_index x ON x.indrelid = c.oid AND NOT x.indisprimary
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = i.relam
  WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o WHERE o.conindid = x.indexrelid AND o.contype IN ('p', 'u', 'x'))
  ORDER BY c.relname, i.relname`;

/** Enums and domains that somebody made in the schema. */
export const TYPE_ROWS = `
  SELECT t.typname AS name, t.typtype AS kind, format_type(t.oid, NULL) AS written,
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS "values",
    format_type(NULLIF(t.typbasetype, 0), t.typtypmod) AS base, t.typnotnull AS required, t.typdefault AS "default",
    (SELECT json_agg(json_build_object('name', o.conname, 'definition', pg_get_constraintdef(o.oid)) ORDER BY o.conname)
      FROM pg_catalog.pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c') AS checks
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND n.nspname = ?
  WHERE t.typtype IN ('e', 'd')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  ORDER BY t.typname`;

/** The values of every enum of the database, by the number of its type. */
export const ENUM_ROWS = `
  SELECT e.enumtypid::text AS type, json_agg(e.enumlabel ORDER BY e.enumsortorder) AS "values"
  FROM pg_catalog.pg_enum e GROUP BY e.enumtypid`;

/** Sequences that no column owns. */
export const SEQUENCE_ROWS = `
  SELECT c.relname AS name,
    CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE format('%I.', n.nspname) END || format('%I', c.relname) AS quoted, s.seqincrement AS increment, s.seqstart AS start,
    s.seqmin AS least, s.seqmax AS most, s.seqcycle AS cycle, format_type(s.seqtypid, NULL) AS type
  FROM ${RELATIONS}
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
  WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
  ORDER BY c.relname`;

/** Triggers of users, not those behind foreign keys. */
export const TRIGGER_ROWS = `
  SELECT c.relname AS "table", t.tgname AS name
  FROM ${RELATIONS} JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
  ORDER BY c.relname, t.tgname`;
