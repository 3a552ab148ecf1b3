import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';

import { randomToken, sha256 } from '#core';

import { mailFromJson, mailToJson, type ComposedMail, type MailJson } from '../composed-mail.js';

/** A mail that was kept, with the name by which its page is found. */
export interface KeptMail {
  /** Letters, digits, `-` and `_`; later mails have greater names. */
  readonly name: string;
  readonly mail: ComposedMail;
}

const NAME = /^[\w-]{1,100}$/;
const ENDING = '.json';

/** Mails as files of one directory, which several processes may share. */
export class PreviewFiles {
  constructor(
    private readonly directory: URL,
    private readonly most: number,
  ) {}

  /** Keeps a mail and forgets the oldest ones. @returns its name */
  async add(mail: ComposedMail): Promise<string> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const name = `${String(Date.now()).padStart(15, '0')}-${sha256(randomToken(16)).slice(0, 8)}`;
    const unfinished = new URL(`.${name}`, this.directory);
    await writeFile(unfinished, JSON.stringify(mailToJson(mail)), { mode: 0o600 });
    await rename(unfinished, this.file(name));
    for (const old of (await this.names()).slice(this.most)) await rm(this.file(old), { force: true });
    return name;
  }

  /** All mails, newest first. */
  async all(): Promise<readonly KeptMail[]> {
    const found = await Promise.all((await this.names()).map((name) => this.find(name)));
    return found.filter((kept) => kept !== undefined);
  }

  /** The mail of a name, or undefined. */
  async find(name: string): Promise<KeptMail | undefined> {
    if (!NAME.test(name)) return undefined;
    const text = await readFile(this.file(name), 'utf8').catch(ifAbsent);
    return text === undefined ? undefined : { name, mail: mailFromJson(JSON.parse(text) as MailJson) };
  }

  /** Forgets all mails. */
  async clear(): Promise<void> {
    for (const name of await this.names()) await rm(this.file(name), { force: true });
  }

  /** Newest first. */
  private async names(): Promise<readonly string[]> {
    const files = (await readdir(this.directory).catch(ifAbsent)) ?? [];
    return files
      .filter((file) => file.endsWith(ENDING) && !file.startsWith('.'))
      .map((file) => file.slice(0, -ENDING.length))
      .sort()
      .reverse();
  }

  private file(name: string): URL {
    return new URL(`${name}${ENDING}`, this.directory);
  }
}

/** Nothing was sent yet, or another process has made room meanwhile. */
function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
