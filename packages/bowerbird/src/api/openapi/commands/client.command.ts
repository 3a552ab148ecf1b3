import { readdir } from 'node:fs/promises';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { writeClient } from '../drivers/client.driver.js';
import { OpenApi } from '../openapi.service.js';
import { VERSION_OPTION } from './version-option.js';

/** Writes a typed client of the API. */
@Command({
  name: 'client',
  description: 'Write a typed TypeScript client of the API',
  options: [
    { flags: '--output <folder>', description: 'The folder, which is emptied first', default: 'src/client' },
    VERSION_OPTION,
  ],
  database: false,
})
export class ClientCommand extends ManagementCommand {
  constructor(private readonly openapi: OpenApi) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const folder = options['output'] as string;
    await requireOwn(folder);
    await writeClient(await this.openapi.document(options['apiVersion'] as string | undefined), folder);
    io.out(`The client is in ${folder}`);
  }
}

/** The generator empties its folder. @throws CommandError for a folder with files that it did not write */
async function requireOwn(folder: string): Promise<void> {
  const names = await readdir(folder).catch(absent);
  if (names.length === 0 || names.includes('client.gen.ts')) return;
  throw new CommandError(`${folder} holds other files, which would be deleted`, { hint: 'Name a folder of its own' });
}

function absent(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOENT') return [];
  throw new CommandError(`The folder cannot be used: ${error.message}`, { cause: error });
}
