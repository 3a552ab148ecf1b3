import { type Duration } from '#core';

import { type Disk } from './disk.js';
import { type SignedUrls } from './signed-urls.js';

/** What a driver gets when its disk is made. */
export interface DiskContext {
  /** Name of the disk in the settings. */
  readonly name: string;
  /** Directory of the project; relative roots start here. Ends with a slash. */
  readonly root: URL;
  /** Address under which the media route serves this disk; ends with a slash. */
  readonly prefix: string;
  readonly signedUrls: SignedUrls;
}

/** A disk as written in the settings; made by `storageDrivers`. */
export interface DiskDriver {
  /** Name of the driver, for messages. */
  readonly driver: string;
  create(context: DiskContext): Disk;
}

/** Settings of file storage. */
export interface StorageOptions {
  /** Disks by name. `default` is a private local one in `var/media/` of the project unless said otherwise. */
  readonly disks?: Readonly<Record<string, DiskDriver>>;
  /** Path under which disks are served; `/media/` by default. Starts and ends with a slash. */
  readonly prefix?: string;
  /** How long a signed address is good at least; `1h` by default. */
  readonly urlLifetime?: Duration;
}

/** The resolved settings of file storage. */
export class StorageConfig {
  constructor(
    readonly disks: Readonly<Record<string, DiskDriver>>,
    readonly prefix: string,
    /** Milliseconds. */
    readonly urlLifetime: number,
    readonly root: URL,
  ) {}
}
