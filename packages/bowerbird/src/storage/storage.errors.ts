import { FrameworkError } from '#core';
import { HttpError } from '#http';

/** The disk has no room for a file; nothing of it was kept. */
export class StorageFullError extends FrameworkError {
  readonly code = 'storage.full';
  override readonly status = 507;

  constructor(disk: string, cause: unknown) {
    super(`The disk "${disk}" is full; the file was not stored`, {
      hint: 'Free space on the volume of the disk',
      cause,
    });
  }
}

/** A name that could leave the disk or that no file system takes. */
export class InvalidNameError extends HttpError {
  readonly code = 'storage.invalid_name';
  override readonly status = 400;

  constructor(name: string) {
    super(`"${name.slice(0, 100)}" is no valid file name`);
  }
}

/** No file has this name. */
export class FileMissingError extends HttpError {
  readonly code = 'storage.missing';
  override readonly status = 404;

  constructor(name: string) {
    super(`There is no file "${name}"`);
  }
}

/** No disk has this name in `settings.storage.disks`. */
export class UnknownDiskError extends FrameworkError {
  readonly code = 'storage.unknown_disk';

  constructor(name: string, suggestion: string) {
    super(`No disk is named "${name}". ${suggestion}`.trim(), { hint: 'Name it in settings.storage.disks' });
  }
}
