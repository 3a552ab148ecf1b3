import { TemplateContext, TemplateContextProvider } from '#templates';

import { Messages, type Message } from './messages.js';

/** Gives templates `messages`. Only a template that asks for them takes them out of the session. */
@TemplateContext()
export class MessagesContext extends TemplateContextProvider {
  constructor(private readonly messages: Messages) {
    super();
  }

  values(): object {
    const { messages } = this;
    return {
      get messages(): readonly Message[] {
        return messages.shown();
      },
    };
  }
}
