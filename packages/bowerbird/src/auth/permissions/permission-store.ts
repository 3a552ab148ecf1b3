import { Injectable } from '@nestjs/common';

import { Database, type Dialect, type RawRow, type Statement } from '#orm';

import { AuthConfig } from '../auth.options.js';
import { Group } from '../groups/group.entity.js';
import { Permission } from '../groups/permission.entity.js';
import { type AbstractUser } from '../users/abstract-user.js';

/** Where rows are. */
interface Place {
  readonly table: string;
  readonly schema?: string;
}

/** What makes one JSON text of the codenames. */
const AS_JSON: Readonly<Record<Dialect, (codename: string) => string>> = {
  sqlite: (codename) => `json_group_array(${codename})`,
  postgres: (codename) => `json_agg(${codename})::text`,
  mysql: (codename) => `CAST(JSON_ARRAYAGG(${codename}) AS CHAR)`,
};

/** Reads which permissions an account was given. */
@Injectable()
export class PermissionStore {
  private statement: string | undefined;
  /** The last one of {@link withAccount}: there is one for each application. */
  private around: { readonly account: string; readonly sql: string } | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly database: Database,
  ) {}

  /** Codenames given to the user and to their groups, in one query. */
  async of({ id }: AbstractUser): Promise<ReadonlySet<string>> {
    const statement = (this.statement ??= this.codenames(0));
    const rows = await this.database.query<{ codename: string }[]>(statement, [id, id]);
    return new Set(rows.map(({ codename }) => codename));
  }

  /** The statement that reads an account, and its codenames with it: see {@link codenamesOf}. */
  withAccount({ sql: account, parameters }: Statement, id: number | string): Statement {
    if (this.around?.account !== account)
      this.around = { account, sql: this.besideAccount(account, parameters.length) };
    return { sql: this.around.sql, parameters: [...parameters, id, id] };
  }

  /** The codenames that a row of {@link withAccount} brings; undefined where the server cut them short (`group_concat_max_len`). */
  codenamesOf({ codenames }: RawRow): ReadonlySet<string> | undefined {
    const text = (codenames as string | null) ?? '[]';
    return text.endsWith(']') ? new Set(JSON.parse(text) as readonly string[]) : undefined;
  }

  /** All codenames that exist. */
  async everything(): Promise<ReadonlySet<string>> {
    return new Set(await this.database.objects(Permission).flat('codename').all());
  }

  private besideAccount(account: string, parameters: number): string {
    const json = AS_JSON[this.database.dialect]('given.codename');
    return [
      `SELECT account.*, granted.codenames FROM (${account}) account`,
      `CROSS JOIN (SELECT ${json} AS codenames FROM (${this.codenames(parameters)}) given) granted`,
    ].join(' ');
  }

  /**
   * `UNION` of both ways, behind some parameters; the driver quotes the names and writes the placeholders. The values are
   * the key of the account, twice.
   */
  private codenames(before: number): string {
    const { driver } = this.database.dataSource;
    const name = (text: string) => driver.escape(text);
    const place = ({ table, schema }: Place) => (schema === undefined ? name(table) : `${name(schema)}.${name(table)}`);
    const own = this.junction(this.config.user, 'permissions');
    const membership = this.junction(this.config.user, 'groups');
    const group = this.junction(Group, 'permissions');
    const permissions = `${place(this.database.describe(Permission))} p`;
    const select = `SELECT p.${name('codename')} AS codename FROM ${permissions}`;
    return [
      `${select} JOIN ${place(own)} o ON o.${name(own.target)} = p.${name('id')}`,
      `WHERE o.${name(own.own)} = ${driver.createParameter('user', before)}`,
      `UNION ${select} JOIN ${place(group)} g ON g.${name(group.target)} = p.${name('id')}`,
      `JOIN ${place(membership)} m ON m.${name(membership.target)} = g.${name(group.own)}`,
      `WHERE m.${name(membership.own)} = ${driver.createParameter('user', before + 1)}`,
    ].join(' ');
  }

  private junction(entity: Parameters<Database['describe']>[0], path: string) {
    const { junction } = this.database.describe(entity).relation(path)!;
    const { table, schema, ownColumns, targetColumns } = junction!;
    return { table, schema, own: ownColumns[0]!.column, target: targetColumns[0]!.column };
  }
}
