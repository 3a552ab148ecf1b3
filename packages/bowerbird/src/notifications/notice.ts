import { NoteKey } from '#core';
import { type TemplateMail, type WrittenMail } from '#mail';

/** Somebody who can be notified; users are. */
export interface NotificationRecipient {
  readonly id: string | number | bigint;
  /** Where mail goes; the channel `mail` skips those who have none. */
  readonly email?: string | null;
}

/** What a notification says by mail: to the recipient's address unless it names another. */
export type NoticeMail = (Omit<WrittenMail, 'to'> | Omit<TemplateMail, 'to'>) & { readonly to?: WrittenMail['to'] };

/**
 * What is told to somebody, by several channels: a class marked with {@link Notification}, made with what it is about. It has
 * one method for each of its channels, which says what that channel carries; null leaves the channel out.
 */
export abstract class Notice {
  mail?(to: NotificationRecipient): NoticeMail | null | Promise<NoticeMail | null>;
  /** JSON, for whoever shows it: a title, the key of a row, an address. */
  database?(to: NotificationRecipient): object | null | Promise<object | null>;
  /** One line. */
  log?(to: NotificationRecipient): string | null | Promise<string | null>;
}

/** What {@link Notification} says of a class. */
export interface NotificationOptions<C extends string = string> {
  /** Under which it is stored and queued, at most 100 characters: `orders.shipped`. */
  readonly name: string;
  /** `mail`, `database`, `log` and the application's own; the class has a method for each. */
  readonly channels: readonly C[];
}

/** A notification that has a method for each of these channels. */
export type NoticeFor<C extends string> = Notice &
  Required<Pick<Notice, Extract<C, keyof Notice>>> &
  Readonly<Record<Exclude<C, keyof Notice>, (to: NotificationRecipient) => unknown>>;

const NOTIFICATION = new NoteKey<NotificationOptions>('notification');

/** Marks a {@link Notice} and names its channels; a class without a method for one of them does not compile. */
export function Notification<const C extends string>(
  options: NotificationOptions<C>,
): (target: abstract new (...args: never[]) => NoticeFor<C>) => void {
  return (target) => NOTIFICATION.write(target, options);
}

/** What a notification's class says of itself; undefined where it is not marked. */
export function notificationOptionsOf(notice: Notice): NotificationOptions | undefined {
  return NOTIFICATION.read(notice.constructor);
}
