import { MysqlEditor } from './mysql.editor.js';
import { OnlineMysqlEditor, type OnlineAlgorithm } from './online-mysql.editor.js';
import { OnlinePostgresEditor } from './online-postgres.editor.js';
import { type SchemaEditor } from './schema-editor.js';

/** What may be asked of an operation that runs while others use the table. */
export interface OnlineOptions {
  /**
   * MySQL and MariaDB: how each statement must be done, or the server refuses it. `instant`: without a look at the rows.
   * `inplace`: without a copy, while others read and write. Without it the server does it as well as it can.
   */
  readonly algorithm?: OnlineAlgorithm;
}

/** The editor that lets others go on reading and writing, where the database has one; else the same. */
export function onlineEditor(editor: SchemaEditor, { algorithm }: OnlineOptions): SchemaEditor {
  if (editor.dialect === 'postgres') return new OnlinePostgresEditor();
  return editor instanceof MysqlEditor ? new OnlineMysqlEditor(editor.collation, algorithm) : editor;
}
