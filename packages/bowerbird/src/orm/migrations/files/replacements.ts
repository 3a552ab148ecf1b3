import { migrationKey, replacedKeys, type MigrationFile } from './migration-file.js';

/** Which migrations take part: a squashed one instead of those that it stands for, unless these are wanted themselves. */
export class Replacements {
  /** The migrations that take part. */
  readonly active: readonly MigrationFile[];
  private readonly stands: ReadonlyMap<string, string>;

  /** @param originals keys of squashed migrations that step back for those that they stand for */
  constructor(files: readonly MigrationFile[], originals: ReadonlySet<string>) {
    const squashed = files.filter((file) => file.migration.replaces.length > 0 && !originals.has(migrationKey(file)));
    this.stands = new Map(
      squashed.flatMap((file) => replacedKeys(file).map((key) => [key, migrationKey(file)] as const)),
    );
    this.active = files.filter((file) => {
      const key = migrationKey(file);
      return !this.stands.has(key) && !originals.has(key);
    });
  }

  /** The migration that takes part for a key: itself, or the squashed one that stands for it. */
  standIn(key: string): string {
    const seen = new Set([key]);
    for (const each of seen) {
      const next = this.stands.get(each);
      if (next === undefined) return each;
      seen.add(next);
    }
    return key;
  }
}
