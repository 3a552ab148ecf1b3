import { type DiskDriver } from '../storage.options.js';
import { LocalDisk, type LocalDiskOptions } from './local.driver.js';

/** The disks that the framework brings. */
export const storageDrivers = {
  /** Files in a directory of this machine. */
  local(options: LocalDiskOptions): DiskDriver {
    return { driver: 'local', create: (context) => new LocalDisk(options, context) };
  },
} as const;
