import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { Databases } from '../../connection/databases.js';
import { ColumnCipher } from './column-cipher.js';
import { reencrypt } from './reencrypt.js';

/** Stores encrypted values under the first key, so that earlier ones can be forgotten. */
@Injectable()
@Command({
  name: 'reencrypt',
  description: 'Store encrypted values under the first key, after which earlier keys can be removed',
})
export class ReencryptCommand extends ManagementCommand {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(ColumnCipher) private readonly cipher: ColumnCipher,
  ) {
    super();
  }

  async run(_input: CommandInput, io: CommandIo): Promise<number> {
    const { cipher } = this;
    for (const { name, target, fields } of this.databases.descriptions.all())
      for (const { path } of fields.filter(({ encrypted }) => encrypted)) {
        const { queries: engine } = this.databases.of(target);
        const model = engine.model(target);
        const count = await reencrypt({ engine, model, column: model.columns.get(path)!, cipher });
        io.out(`${name}.${path}: ${count}`);
      }
    return 0;
  }
}
