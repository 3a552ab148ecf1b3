import { Injectable } from '@nestjs/common';

import { StaticDirectory } from '#http';
import { TemplateContext, TemplateContextProvider, TemplateDirectory } from '#templates';

import { currentUser } from '../access/current-user.js';

/** The style sheet of the account pages, served as `/static/auth/…`. */
@StaticDirectory('auth')
@Injectable()
export class AuthAssets {
  readonly url = new URL('../assets/', import.meta.url);
}

/** The account pages. */
@TemplateDirectory('auth')
@Injectable()
export class AuthTemplates {
  readonly url = new URL('../templates/', import.meta.url);
}

/** Lets every template ask who is logged in: `{{#if user}}{{user.name}}{{/if}}`. */
@TemplateContext()
@Injectable()
export class AuthTemplateContext extends TemplateContextProvider {
  values(): Record<string, unknown> {
    const user = currentUser();
    if (!user) return { user: null };
    const { id, email, name, firstName, lastName, isStaff, isSuperuser } = user;
    return { user: { id, email, name, firstName, lastName, isStaff, isSuperuser } };
  }
}
