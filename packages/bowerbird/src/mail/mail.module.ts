import { Module, type DynamicModule, type Provider } from '@nestjs/common';

import { Clock } from '#core';

import { MailComposer } from './mail-composer.js';
import { MailOutbox } from './mail-outbox.js';
import { MailTemplates } from './mail-templates.js';
import { MailTransport } from './mail-transport.js';
import { MailChecks } from './mail.checks.js';
import { MailConfig } from './mail.options.js';
import { Mailer } from './mailer.service.js';
import { MailPreviewAssets, MailPreviewPages, MailPreviewTemplates } from './preview/mail-preview-pages.js';
import { MailPreviewController } from './preview/mail-preview.controller.js';
import { RoutedTransport } from './routed-transport.js';
import { SendMail } from './send-mail.job.js';
import { SendTestEmailCommand } from './send-test-email.command.js';

const PREVIEW = [MailPreviewPages, MailPreviewAssets, MailPreviewTemplates];

/** Mail. The pages that show it exist in development alone, and only where the driver keeps mail for them. */
@Module({})
export class MailModule {
  /** @param jobs whether there are jobs, by which mail can be queued */
  static forRoot(config: MailConfig, jobs: boolean): DynamicModule {
    const preview = config.preview !== undefined;
    return {
      module: MailModule,
      global: true,
      controllers: preview ? [MailPreviewController] : [],
      providers: [
        { provide: MailConfig, useValue: config },
        transportProvider(config),
        MailComposer,
        MailOutbox,
        MailTemplates,
        Mailer,
        MailChecks,
        SendTestEmailCommand,
        ...(jobs ? [SendMail] : []),
        ...(preview ? PREVIEW : []),
      ],
      exports: [MailConfig, MailOutbox, Mailer, MailTransport],
    };
  }
}

function transportProvider({ driver, mailers, home }: MailConfig): Provider {
  return {
    provide: MailTransport,
    inject: [Clock, MailOutbox],
    useFactory: async (clock: Clock, outbox: MailOutbox): Promise<MailTransport> => {
      const parts = { clock, home, outbox };
      const usual = driver ? await driver.create(parts) : await unset();
      if (mailers.size === 0) return usual;
      const others = [...mailers].map(async ([name, mailer]) => [name, await mailer.driver.create(parts)] as const);
      return new RoutedTransport(usual, new Map(await Promise.all(others)));
    },
  };
}

async function unset(): Promise<MailTransport> {
  const { UnsetTransport } = await import('./drivers/unset.driver.js');
  return new UnsetTransport();
}
