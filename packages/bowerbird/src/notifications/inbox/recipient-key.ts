import { type NotificationRecipient } from '../notice.js';
import { NotificationRecipientError } from '../notifications.errors.js';

/** Longest id of a recipient as text. */
const LONGEST = 64;

/** The id of a recipient as text, by which rows are found. @throws NotificationRecipientError */
export function recipientKey(recipient: Pick<NotificationRecipient, 'id'>): string {
  const id: unknown = (recipient as Partial<NotificationRecipient> | null | undefined)?.id;
  const valid = typeof id === 'string' || typeof id === 'bigint' || (typeof id === 'number' && Number.isFinite(id));
  const key = valid ? String(id) : '';
  if (key === '' || key.length > LONGEST) throw new NotificationRecipientError(recipient);
  return key;
}
