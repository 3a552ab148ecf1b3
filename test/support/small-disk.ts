import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';

/** A file system of 64 kB that a test can fill; only root may have one. */
export interface SmallDisk {
  remove(): void;
}

/**
 * Mounts a small file system at a path. Null where that is not allowed, so that the suite can do without: but not where
 * `BOWERBIRD_REQUIRE` asks for everything.
 */
export function mountSmallDisk(path: string): SmallDisk | null {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
  } catch (error) {
    if (process.env.BOWERBIRD_REQUIRE) throw new Error('The gate needs to mount a small disk', { cause: error });
    return null;
  }
  return {
    remove: () => {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
