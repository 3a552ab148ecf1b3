import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

/** What users write in `settings.audit`. */
export interface AuditOptions {
  /**
   * Whose writes are kept: those of entities with `@Meta({ audited: true })` and those in the admin (`marked`, the
   * default), or those of every entity (`all`).
   */
  readonly entities?: 'marked' | 'all';
  /** Keys of entities to leave out in any case: `['shop.visit']`. */
  readonly exclude?: readonly string[];
}

/** The resolved settings of the audit log. */
export class AuditConfig {
  constructor(
    readonly entities: 'marked' | 'all',
    readonly exclude: ReadonlySet<string>,
  ) {}
}

/** Resolves `settings.audit`. */
export function resolveAudit(
  options: AuditOptions | undefined,
  problems: SettingsProblems,
  _base: SettingsBase,
): AuditConfig {
  const reader = new OptionReader<AuditOptions>('settings.audit', options, problems);
  const config = new AuditConfig(
    reader.choice('entities', ['marked', 'all'], 'marked'),
    new Set(reader.strings('exclude', [])),
  );
  reader.finish();
  return config;
}
