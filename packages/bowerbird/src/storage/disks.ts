import { Inject, Injectable } from '@nestjs/common';

import { Clock, didYouMean, Signer } from '#core';

import { type Disk } from './disk.js';
import { SignedUrls } from './signed-urls.js';
import { UnknownDiskError } from './storage.errors.js';
import { StorageConfig } from './storage.options.js';

/** The disks of the application, by name. */
@Injectable()
export class Disks {
  /** Opens private files. */
  readonly signedUrls: SignedUrls;
  private readonly disks: ReadonlyMap<string, Disk>;

  constructor(
    private readonly config: StorageConfig,
    @Inject(Signer) signer: Signer,
    @Inject(Clock) clock: Clock,
  ) {
    this.signedUrls = new SignedUrls(signer, clock, config.urlLifetime);
    this.disks = new Map(
      Object.entries(config.disks).map(([name, { create }]) => [
        name,
        create({ name, root: config.root, prefix: `${config.prefix}${name}/`, signedUrls: this.signedUrls }),
      ]),
    );
  }

  /** The disk named `default`. */
  get default(): Disk {
    return this.get('default');
  }

  /** @throws UnknownDiskError */
  get(name: string): Disk {
    const disk = this.find(name);
    if (disk) return disk;
    throw new UnknownDiskError(name, didYouMean(name, this.names()));
  }

  find(name: string): Disk | undefined {
    return this.disks.get(name);
  }

  names(): readonly string[] {
    return [...this.disks.keys()];
  }

  /** Where the media route serves the disks. */
  get prefix(): string {
    return this.config.prefix;
  }
}
