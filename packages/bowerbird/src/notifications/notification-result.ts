import { type NotificationRecipient } from './notice.js';

/** What became of a notification by one channel. */
export type ChannelOutcome =
  | { readonly channel: string; readonly status: 'delivered' | 'queued' }
  | { readonly channel: string; readonly status: 'skipped'; readonly reason: string }
  | { readonly channel: string; readonly status: 'failed'; readonly error: Error };

/** What became of a notification to one recipient, by channel. */
export class NotificationResult {
  constructor(
    readonly recipient: NotificationRecipient,
    /** In the order of the notification's channels. */
    readonly outcomes: readonly ChannelOutcome[],
  ) {}

  /** Whether no channel has failed. */
  get ok(): boolean {
    return this.failed.length === 0;
  }

  /** Channels that have delivered it, or queued it to be delivered. */
  get delivered(): readonly string[] {
    return this.outcomes
      .filter(({ status }) => status === 'delivered' || status === 'queued')
      .map(({ channel }) => channel);
  }

  get skipped(): readonly { readonly channel: string; readonly reason: string }[] {
    return this.outcomes.filter((outcome) => outcome.status === 'skipped');
  }

  get failed(): readonly { readonly channel: string; readonly error: Error }[] {
    return this.outcomes.filter((outcome) => outcome.status === 'failed');
  }
}
