import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { differences } from '../document-differences.js';
import { fromYaml, yamlOf } from '../drivers/yaml.driver.js';
import { OpenApi } from '../openapi.service.js';
import { VERSION_OPTION } from './version-option.js';

type Format = 'json' | 'yaml';

type Given = Partial<Record<'check' | 'output' | 'apiVersion', string>> & { readonly format?: Format };

/** Most differences that are told. */
const MOST_TOLD = 50;

/** Writes the description of the API, or says whether a file still holds it. */
@Command({
  name: 'openapi',
  description: 'Write the description of the API (OpenAPI 3.1)',
  options: [
    {
      flags: '--format <format>',
      description: 'json or yaml; the ending of the file says it otherwise',
      choices: ['json', 'yaml'],
    },
    { flags: '--output <file>', description: 'Write to a file instead' },
    VERSION_OPTION,
    { flags: '--check <file>', description: 'Exit with 1 where this file is not what the code gives' },
  ],
  database: false,
})
export class OpenApiCommand extends ManagementCommand {
  constructor(private readonly openapi: OpenApi) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<number> {
    const { check, output, format, apiVersion } = options as Given;
    // What JSON leaves out is no difference.
    const document = JSON.parse(JSON.stringify(await this.openapi.document(apiVersion))) as unknown;
    if (check !== undefined) return this.check(check, format ?? formatOf(check), document, io);
    const text = await written(document, format ?? (output === undefined ? 'json' : formatOf(output)));
    if (output === undefined) await io.write(text);
    else await writeFile(output, text);
    return 0;
  }

  private async check(file: string, format: Format, document: unknown, io: CommandIo): Promise<number> {
    const there = await parsed(file, format);
    const found = [...differences(there, document)];
    if (found.length === 0) return 0;
    io.err(`${file} is not what the code gives. It differs at:`);
    for (const place of found.slice(0, MOST_TOLD)) io.err(`  ${place}`);
    if (found.length > MOST_TOLD) io.err(`  and at ${found.length - MOST_TOLD} more places`);
    return 1;
  }
}

function formatOf(file: string): Format {
  return /^\.ya?ml$/i.test(extname(file)) ? 'yaml' : 'json';
}

async function written(document: unknown, format: Format): Promise<string> {
  return format === 'yaml' ? yamlOf(document) : `${JSON.stringify(document, null, 2)}\n`;
}

/** @throws CommandError for a file that cannot be read */
async function parsed(file: string, format: Format): Promise<unknown> {
  try {
    const text = await readFile(file, 'utf8');
    return format === 'yaml' ? await fromYaml(text) : (JSON.parse(text) as unknown);
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
