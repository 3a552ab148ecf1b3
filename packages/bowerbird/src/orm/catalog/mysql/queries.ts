/** Tables and views of the current database. */
export const RELATION_ROWS = `
  SELECT t.TABLE_NAME AS \`table\`, t.TABLE_TYPE AS kind, t.TABLE_COMMENT AS comment, t.TABLE_COLLATION AS collation,
    t.ENGINE AS engine, t.CREATE_OPTIONS AS options
  FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = DATABASE() ORDER BY t.TABLE_NAME`;

/** Every column. */
export const COLUMN_ROWS = `
  SELECT c.TABLE_NAME AS \`table\`, c.COLUMN_NAME AS name, c.COLUMN_TYPE AS type, c.IS_NULLABLE AS nullable,
    c.COLUMN_DEFAULT AS \`default\`, c.EXTRA AS extra, c.GENERATION_EXPRESSION AS expression,
    c.COLLATION_NAME AS collation, c.COLUMN_COMMENT AS comment
  FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`;

/** Every part of every index. MySQL has EXPRESSION, MariaDB has not: hence all columns. */
export const INDEX_ROWS = `
  SELECT s.* FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = DATABASE()
  ORDER BY s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX`;

/** Every column of every foreign key. */
export const FOREIGN_KEY_ROWS = `
  SELECT k.TABLE_NAME AS \`table\`, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS \`column\`,
    NULLIF(k.REFERENCED_TABLE_SCHEMA, DATABASE()) AS \`schema\`, k.REFERENCED_TABLE_NAME AS target,
    k.REFERENCED_COLUMN_NAME AS reference, r.DELETE_RULE AS onDelete, r.UPDATE_RULE AS onUpdate
  FROM information_schema.KEY_COLUMN_USAGE k
  JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
    AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
  WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`;

/** Checks: MariaDB names their table itself, MySQL in another view. */
export const CHECK_ROWS = {
  mariadb: `
    SELECT k.TABLE_NAME AS \`table\`, k.CONSTRAINT_NAME AS name, k.CHECK_CLAUSE AS expression
    FROM information_schema.CHECK_CONSTRAINTS k WHERE k.CONSTRAINT_SCHEMA = DATABASE()
    ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME`,
  mysql: `
    SELECT t.TABLE_NAME AS \`table\`, k.CONSTRAINT_NAME AS name, k.CHECK_CLAUSE AS expression
    FROM information_schema.CHECK_CONSTRAINTS k
    JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
      AND t.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
    WHERE k.CONSTRAINT_SCHEMA = DATABASE() ORDER BY t.TABLE_NAME, k.CONSTRAINT_NAME`,
} as const;

/** The queries behind views. */
export const VIEW_ROWS = `
  SELECT v.TABLE_NAME AS \`table\`, v.VIEW_DEFINITION AS definition
  FROM information_schema.VIEWS v WHERE v.TABLE_SCHEMA = DATABASE()`;

/** Triggers. */
export const TRIGGER_ROWS = `
  SELECT g.EVENT_OBJECT_TABLE AS \`table\`, g.TRIGGER_NAME AS name
  FROM information_schema.TRIGGERS g WHERE g.TRIGGER_SCHEMA = DATABASE()
  ORDER BY g.EVENT_OBJECT_TABLE, g.TRIGGER_NAME`;

/** The name of the current database, the server's version. */
export const SERVER_ROW = 'SELECT DATABASE() AS name, VERSION() AS version';
