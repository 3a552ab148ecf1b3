import { migrationKey, replacedKeys, type MigrationFile } from './migration-file.js';

/** Which migrations take part: a squashed one instead of those that it stands for, unless these are wanted themselves. */
export class Replacements {
  /** The migrations that take part. */
  readonly active: readonly MigrationFile[];
  private readonly stands: ReadonlyMap<string, string>;

  /** @param originals keys of squashed migrations that step back for those that they stand for */
  constructor(files: readonly MigrationFile[], originals: ReadonlySet<string>) {
    const squashed = files.filter(({ migration }) => migration.replaces.length > 0);
    this.stands = new Map(squashed.flatMap((file) => standIns(file, originals.has(migrationKey(file)))));
    this.active = files.filter((file) => !this.stands.has(migrationKey(file)));
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

/** Who stands for whom: the squashed one for its originals, or, where it steps back, the last original for it. */
function standIns(squashed: MigrationFile, stepsBack: boolean): readonly (readonly [string, string])[] {
  const own = migrationKey(squashed);
  const originals = replacedKeys(squashed);
  return stepsBack ? [[own, originals.at(-1)!]] : originals.map((key) => [key, own]);
}
