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
  /** The only fields and relations whose changes are kept, by the key of an entity: `{ 'shop.product': ['price'] }`. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

/** The resolved settings of the audit log. */
export class AuditConfig {
  constructor(
    readonly entities: 'marked' | 'all',
    readonly exclude: ReadonlySet<string>,
    /** The tracked paths of entities of which not all are. */
    readonly fields: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
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
    trackedFields(reader),
  );
  reader.finish();
  return config;
}

function trackedFields(reader: OptionReader<AuditOptions>): AuditConfig['fields'] {
  const fields = reader.nested<Record<string, readonly string[]>>('fields');
  const names = Object.keys(reader.raw('fields') ?? {});
  const tracked = new Map(names.map((key) => [key, new Set(fields.strings(key, []))]));
  fields.finish();
  return tracked;
}
