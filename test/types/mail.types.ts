/* What must compile and what must not. Nothing here runs: the type checker is the test. */
import { Mailable, Mailer, type MailMessage } from 'bowerbird/mail';
import { Notice, Notification, type NotificationRecipient } from 'bowerbird/notifications';
import { html } from 'bowerbird/templates';

declare const mailer: Mailer;
const to = 'ann@example.com';

class Welcome extends Mailable {
  message(): MailMessage {
    return { to: [to, { address: to }], template: 'welcome', data: { name: 'Ann' } };
  }
}
await mailer.send(new Welcome());
await mailer.queue({ to, subject: 'Hi', text: 'Text', html: html`<p>Text</p>` }, { delay: '5m' });
await mailer.mailAdmins({ subject: 'Hi', text: 'Text' });

// @ts-expect-error every mail has a text
await mailer.send({ to, subject: 'Hi', html: '<p>Text</p>' });
// @ts-expect-error a template has words enough
await mailer.send({ to, template: 'welcome', subject: 'Hi' });
// @ts-expect-error nobody gets it
await mailer.send({ subject: 'Hi', text: 'Text' });
// @ts-expect-error the administrators get it
await mailer.mailAdmins({ to, subject: 'Hi', text: 'Text' });

@Notification({ name: 'a', channels: ['mail', 'database', 'pager'] })
class Complete extends Notice {
  override mail(recipient: NotificationRecipient) {
    return { subject: 'Hi', text: String(recipient.id) };
  }
  override async database() {
    return { a: 1 };
  }
  pager(): string {
    return 'Hi';
  }
}
void Complete;

// @ts-expect-error the channel database has no method
@Notification({ name: 'b', channels: ['mail', 'database'] })
class Half extends Notice {
  override mail() {
    return { template: 'b' };
  }
}
void Half;

// @ts-expect-error the channel of one's own has no method
@Notification({ name: 'c', channels: ['pager'] })
class Silent extends Notice {}
void Silent;

class Wrong extends Notice {
  // @ts-expect-error a mail without words
  override mail() {
    return { subject: 'Hi' };
  }
}
void Wrong;
