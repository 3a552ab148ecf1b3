import { Check, CheckRule, error, warning, type Findings } from '#core';
import { TemplateRenderer } from '#templates';

import { MailConfig, type NamedMailerConfig } from './mail.options.js';

const SMTP_HINT = "Write driver: mailDrivers.smtp({ url: env.secret('SMTP_URL') })";

/** Checks of mail that matter in production. */
@Check('mail')
export class MailChecks {
  constructor(
    private readonly config: MailConfig,
    private readonly templates: TemplateRenderer,
  ) {}

  /** People wait for mails that a developer was meant to look at. The default of development is none of production's. */
  @CheckRule({ deploy: true })
  *keepsMail(): Findings {
    if (!this.config.chosen) return;
    for (const { at, driver } of this.ways()) {
      if (driver.delivers) continue;
      yield error('mail.E001', `Mail goes to the driver "${driver.name}" and reaches nobody`, {
        at: `${at}.driver`,
        hint: SMTP_HINT,
      });
    }
  }

  @CheckRule({ deploy: true })
  *noSender(): Findings {
    for (const { at, driver, from } of this.ways()) {
      if (!driver.delivers || from) continue;
      yield error('mail.E004', 'Mail is sent, and nothing says by whom', {
        at: `${at}.from`,
        hint: "Write from: 'Shop <shop@example.com>', with a domain that your server may send for",
      });
    }
  }

  /** What is set up or has templates is going to be sent; an application without mail needs no driver. */
  @CheckRule({ deploy: true })
  *noDriver(): Findings {
    if (this.config.driver) return;
    const [template] = this.templates.projectNames().filter((name) => name.endsWith('.subject.txt'));
    if (!this.config.chosen && template === undefined) return;
    const reason = this.config.chosen ? 'settings.mail is there' : `the template ${template} is there`;
    yield warning('mail.W001', `No mail can be sent: ${reason}, and no driver`, {
      at: 'settings.mail.driver',
      hint: SMTP_HINT,
    });
  }

  /** Every way in which mail is sent, and who sends by it. */
  private ways(): readonly (NamedMailerConfig & { readonly at: string })[] {
    const { driver, from, mailers } = this.config;
    const named = [...mailers].map(([name, mailer]) => ({
      at: `settings.mail.mailers.${name}`,
      driver: mailer.driver,
      from: mailer.from ?? from,
    }));
    return driver ? [{ at: 'settings.mail', driver, from }, ...named] : named;
  }
}
