import { type Dialect } from '../../describe/entity-description.js';
import { MysqlEditor } from './mysql.editor.js';
import { PostgresEditor } from './postgres.editor.js';
import { type SchemaEditor } from './schema-editor.js';
import { SqliteEditor } from './sqlite.editor.js';

const EDITORS: Readonly<Record<Dialect, () => SchemaEditor>> = {
  sqlite: () => new SqliteEditor(),
  postgres: () => new PostgresEditor(),
  mysql: () => new MysqlEditor(),
};

/** An editor of a dialect, without asking a server what it is. */
export function editorOf(dialect: Dialect): SchemaEditor {
  return EDITORS[dialect]();
}
