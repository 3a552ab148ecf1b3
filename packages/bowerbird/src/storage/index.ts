export { type ByteRange, Disk, type Visibility } from './disk.js';
export { Disks } from './disks.js';
export { LocalDisk, type LocalDiskOptions } from './drivers/local.driver.js';
export { storageDrivers } from './drivers/storage-drivers.js';
export { SignedUrls } from './signed-urls.js';
export { FileMissingError, InvalidNameError, StorageFullError, UnknownDiskError } from './storage.errors.js';
export { StorageModule } from './storage.module.js';
export { type DiskContext, type DiskDriver, StorageConfig, type StorageOptions } from './storage.options.js';
export { resolveStorage } from './storage-settings.js';
