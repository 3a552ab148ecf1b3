import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { CommandIo, type Class, type CommandInput, type ManagementCommand } from 'bowerbird/core';
import { MakeMigrationsCommand, MigrateCommand, ShowMigrationsCommand, type AppOptions } from 'bowerbird/orm';

import { openOrm, type OrmTestApp } from '../../support/databases.js';

/** A terminal that records; it answers from a list, or nobody is there. */
export class RecordedIo extends CommandIo {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  readonly questions: string[] = [];
  readonly bars: string[] = [];

  constructor(private readonly answers: string[] | null = null) {
    super();
  }

  get interactive(): boolean {
    return this.answers !== null;
  }

  out(line: string): void {
    this.lines.push(line);
  }

  err(line: string): void {
    this.errors.push(line);
  }

  async ask(question: string): Promise<string> {
    this.questions.push(question);
    return this.answers!.shift() ?? '';
  }

  progress(label: string, done: number, total: number): void {
    this.bars.push(`${label.trim()}: ${done} of ${total}`);
  }

  get text(): string {
    return this.lines.join('\n');
  }
}

/** An application that changes: one folder of migrations, one database, and entities that differ from boot to boot. */
export class EvolvingProject {
  readonly folder: URL;

  /** `app`: what its `@App` says beside its entities and its folder. */
  constructor(
    private readonly url: string,
    private readonly app: Partial<AppOptions> = {},
  ) {
    this.folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'modules', 'project-'))}/`);
  }

  get files(): readonly string[] {
    return readdirSync(this.folder).sort();
  }

  read(name: string): string {
    return readFileSync(new URL(name, this.folder), 'utf8');
  }

  /** Boots with these entities, does the work, and shuts down. */
  async with<R>(entities: readonly Class[], work: (app: OrmTestApp) => Promise<R>): Promise<R> {
    const app = await openOrm({
      database: this.url,
      entities,
      synchronize: false,
      app: { migrations: this.folder, ...this.app },
    });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  /** Any command; what it prints, with the exit code in the last line. */
  async run(
    app: OrmTestApp,
    command: Class<ManagementCommand>,
    args: CommandInput['args'],
    options: Record<string, unknown> = {},
    io = new RecordedIo(),
  ): Promise<RecordedIo> {
    const code = await app.get(command).run({ args, options }, io);
    io.lines.push(`exit ${code ?? 0}`);
    return io;
  }

  /** Writes a file into the folder. */
  write(name: string, text: string): void {
    writeFileSync(new URL(name, this.folder), text);
  }

  /** makemigrations */
  async make(
    app: OrmTestApp,
    options: Record<string, unknown> = {},
    io = new RecordedIo(),
    apps: string[] = [],
  ): Promise<RecordedIo> {
    const code = await app.get(MakeMigrationsCommand).run({ args: { apps }, options }, io);
    io.lines.push(`exit ${code}`);
    return io;
  }

  /** migrate, with `--force` unless it says otherwise: what a test drops has rows in it. */
  async migrate(
    app: OrmTestApp,
    name?: string,
    options: Record<string, unknown> = {},
    io = new RecordedIo(),
  ): Promise<RecordedIo> {
    const args = name === undefined ? {} : { app: 'shop', migration: name };
    await app.get(MigrateCommand).run({ args, options: { force: true, ...options } }, io);
    return io;
  }

  async show(app: OrmTestApp): Promise<string> {
    const io = new RecordedIo();
    await app.get(ShowMigrationsCommand).run({ args: {}, options: {} }, io);
    return io.text;
  }

  /** Boots with these entities, writes what is missing, and applies it. */
  async evolve(entities: readonly Class[], options: Record<string, unknown> = {}): Promise<void> {
    await this.with(entities, async (app) => {
      await this.make(app, options);
      await this.migrate(app);
    });
  }
}

/** Drops every table of a database, so that the next test finds it empty. */
export async function wipe(url: string): Promise<void> {
  const app = await openOrm({ database: url, entities: [], synchronize: false });
  await app.db.dataSource.dropDatabase();
  await app.close();
}
