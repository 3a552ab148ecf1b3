import { Injectable } from '@nestjs/common';

import { Database } from '#orm';

import { AuthConfig } from '../auth.options.js';
import { Group } from '../groups/group.entity.js';
import { Permission } from '../groups/permission.entity.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { AccountMemory } from '../users/account-memory.js';

/** Where rows are. */
interface Place {
  readonly table: string;
  readonly schema?: string;
}

/** Reads which permissions an account was given. */
@Injectable()
export class PermissionStore {
  private statement: string | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly database: Database,
    private readonly memory: AccountMemory,
  ) {}

  /** Codenames given to the user and to their groups, in one query. */
  async of(user: AbstractUser): Promise<ReadonlySet<string>> {
    const statement = (this.statement ??= this.buildStatement());
    const read = () => this.database.query<{ codename: string }[]>(statement, [user.id, user.id]);
    const rows = await this.memory.rows('permissions', user.id, read);
    return new Set(rows.map(({ codename }) => codename));
  }

  /** All codenames that exist. */
  async everything(): Promise<ReadonlySet<string>> {
    return new Set(await this.database.objects(Permission).flat('codename').all());
  }

  /** `UNION` of both ways; the driver quotes the names and writes the placeholders. */
  private buildStatement(): string {
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
      `WHERE o.${name(own.own)} = ${driver.createParameter('user', 0)}`,
      `UNION ${select} JOIN ${place(group)} g ON g.${name(group.target)} = p.${name('id')}`,
      `JOIN ${place(membership)} m ON m.${name(membership.target)} = g.${name(group.own)}`,
      `WHERE m.${name(membership.own)} = ${driver.createParameter('user', 1)}`,
    ].join(' ');
  }

  private junction(entity: Parameters<Database['describe']>[0], path: string) {
    const { junction } = this.database.describe(entity).relation(path)!;
    const { table, schema, ownColumns, targetColumns } = junction!;
    return { table, schema, own: ownColumns[0]!.column, target: targetColumns[0]!.column };
  }
}
