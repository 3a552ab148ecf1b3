import { type ObjectLiteral } from 'typeorm';

import { type ValidateOptions } from '../model/constraints/require-kept.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type QuerySource } from '../query/query-source.js';
import { saveRows, type SaveRequest } from '../query/run/save-rows.js';
import { saveWorked } from '../query/run/save-worked.js';
import { setReference, type UnreadReference } from '../query/run/unread-reference.js';
import { checkedSave } from './checked-values.js';

/** How rows are stored; see `SaveOptions` of the database. */
export interface RowSaveOptions extends SaveRequest {
  readonly savepoint?: boolean;
  readonly validate?: boolean;
}

/** How one row is stored that is to have its values as the database keeps them. */
export interface FreshSaveOptions {
  readonly savepoint?: boolean;
  /** A reference of the row to one that has to be there; it is read together with storing the row where that can be. */
  readonly unread?: UnreadReference | undefined;
}

/** What is asked of a database to store rows. */
interface SavingDatabase extends QuerySource {
  readonly queries: QueryEngine;
  validateConstraints(rows: object, options?: ValidateOptions): Promise<void>;
}

/** Stores rows: a new one that stands alone by one statement, all others by TypeORM. */
export class RowSaves {
  constructor(private readonly database: SavingDatabase) {}

  /**
   * Stores one row or several, in one transaction. With `refresh` a row that one statement stores has its values as that
   * gave them back; gives whether it was such a row. @throws IntegrityError, DoesNotExistError
   */
  save(entity: object, options: RowSaveOptions, refresh = false): Promise<boolean> {
    const rows = [entity].flat() as readonly object[];
    const store = async (): Promise<boolean> => {
      if (options.validate) await this.database.validateConstraints(entity);
      return this.store(entity, rows, options, refresh);
    };
    return options.fields ? store() : saveWorked(this.database.queries, rows, store);
  }

  /**
   * As {@link save} of one row with its values as the statement gave them back.
   * @throws IntegrityError, DoesNotExistError, ForeignKeyError where there is no row that `unread` refers to
   */
  saveFresh(row: object, { unread, ...options }: FreshSaveOptions): Promise<boolean> {
    return unread ? this.saveReferring(row, unread, options) : this.save(row, options, true);
  }

  private saveReferring(row: object, unread: UnreadReference, options: RowSaveOptions): Promise<boolean> {
    const { queries } = this.database;
    return saveWorked(queries, [row], async () => {
      const single = queries.inserts.ofNew(row);
      if (single?.canRefer(unread) && (await single.storeReferring(row, unread))) return true;
      await setReference(queries, row, unread);
      this.database.requirePlaced(row);
      return this.save(row, options, true);
    });
  }

  private async store(
    entity: object,
    rows: readonly object[],
    options: RowSaveOptions,
    refresh: boolean,
  ): Promise<boolean> {
    const { queries } = this.database;
    const known = options.fields ?? options.force;
    const [row, ...others] = rows;
    const single = !known && row && others.length === 0 ? queries.inserts.ofNew(row) : undefined;
    if (single) await single.store(row!, refresh);
    else await (known ? saveRows(queries, rows, options) : this.saveAny(entity, rows, options));
    return single !== undefined;
  }

  /** As TypeORM does it: it finds out what is new, and follows the relations. */
  private saveAny(entity: object, rows: readonly object[], { savepoint }: RowSaveOptions): Promise<unknown> {
    const { database } = this;
    const transaction = savepoint !== false || !database.inTransaction;
    const save = () => database.dataSource.manager.save(entity as ObjectLiteral, { transaction });
    return database.mapped(() => checkedSave(database.queries, rows, save));
  }
}
