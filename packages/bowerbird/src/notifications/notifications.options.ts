import { OptionReader, type Duration, type SettingsProblems } from '#core';

/** What users write in `settings.notifications`. */
export interface NotificationsOptions {
  /** How old a notification of an inbox may become before `clearnotifications` removes it. Default `90d`. */
  readonly keep?: Duration;
}

/** The resolved settings of notifications. */
export class NotificationsConfig {
  constructor(
    /** Milliseconds. */
    readonly keep: number,
    /** Whether there is mail. */
    readonly mail: boolean,
    /** Whether there are jobs. */
    readonly jobs: boolean,
  ) {}
}

/** Resolves `settings.notifications`. */
export function resolveNotifications(
  options: NotificationsOptions | undefined,
  problems: SettingsProblems,
  uses: { readonly mail: boolean; readonly jobs: boolean },
): NotificationsConfig {
  const reader = new OptionReader<NotificationsOptions>('settings.notifications', options, problems);
  const config = new NotificationsConfig(reader.duration('keep', '90d'), uses.mail, uses.jobs);
  reader.finish();
  return config;
}
