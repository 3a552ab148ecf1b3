import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

import { storageDrivers } from './drivers/storage-drivers.js';
import { StorageConfig, type DiskDriver, type StorageOptions } from './storage.options.js';

/** Reads `settings.storage`; every problem is reported, and a usable value takes its place. */
export function resolveStorage(
  options: StorageOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): StorageConfig {
  const reader = new OptionReader<StorageOptions>('settings.storage', options, problems);
  const prefix = reader.string('prefix', '/media/', {
    pattern: /^\/(?:[\w.-]+\/)+$/,
    expected: 'a path such as "/media/"',
  });
  const lifetime = reader.duration('urlLifetime', '1h', { min: '1s', max: '7d' });
  const disks = readDisks(reader);
  reader.finish();
  return new StorageConfig(disks, prefix, lifetime, base.home ?? base.root);
}

function readDisks(reader: OptionReader<StorageOptions>): Readonly<Record<string, DiskDriver>> {
  const given = Object.entries((reader.raw('disks') as Record<string, unknown> | undefined) ?? {});
  const valid = given.filter(([name, disk]) => isDriver(disk) && /^[a-z][a-z0-9-]*$/.test(name));
  for (const [name, disk] of given.filter((entry) => !valid.includes(entry)))
    reader.fail(
      'storage.E001',
      'disks',
      isDriver(disk) ? name : disk,
      'drivers by names of small letters, digits and hyphens',
      `Write ${JSON.stringify(name)} as storageDrivers.local({ root: 'var/media/' })`,
      null,
    );
  return {
    default: storageDrivers.local({ root: 'var/media/' }),
    ...(Object.fromEntries(valid) as Record<string, DiskDriver>),
  };
}

function isDriver(value: unknown): value is DiskDriver {
  return typeof value === 'object' && value !== null && typeof (value as DiskDriver).create === 'function';
}
