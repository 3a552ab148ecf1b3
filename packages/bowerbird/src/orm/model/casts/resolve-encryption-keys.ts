import { Secret, type SettingsProblems } from '#core';

import { type OrmOptions } from '../../orm.options.js';

/** The keys of encrypted columns, that in use first; empty where none are given. */
export function resolveEncryptionKeys(options: OrmOptions | undefined, problems: SettingsProblems): readonly string[] {
  const given: unknown = options?.encryptionKeys ?? [];
  if (Array.isArray(given) && given.every(isKey)) return given.map(textOf);
  problems.add({
    id: 'orm.E050',
    path: 'settings.encryptionKeys',
    got: Array.isArray(given) ? `a list of ${given.length}` : typeof given,
    expected: 'a list of secrets that are not empty',
    hint: "Give the key in use first, then earlier ones: encryptionKeys: [env.secret('ENCRYPTION_KEY')]",
  });
  return [];
}

function isKey(value: unknown): value is string | Secret {
  // A missing secret is reported with the rest of the environment.
  return value instanceof Secret ? value.missing || value.reveal() !== '' : typeof value === 'string' && value !== '';
}

function textOf(value: string | Secret): string {
  if (typeof value === 'string') return value;
  return value.missing ? '' : value.reveal();
}
