import { fields, Form, Input } from '#forms';

import { MAX_PASSWORD_LENGTH } from '../passwords/password-rules.js';
import { MAX_EMAIL_LENGTH } from '../users/email-address.js';

/**
 * What a person types to log in. The address is taken as it is: a form that tells real addresses from impossible ones
 * would only help those who guess.
 */
export class LoginForm extends Form {
  email = fields.text({
    label: 'E-mail address',
    maxLength: MAX_EMAIL_LENGTH,
    widget: new Input('email'),
    autocomplete: 'username',
    attrs: { autofocus: !this.bound, autocapitalize: 'none', spellcheck: 'false' },
  });

  password = fields.password({
    label: 'Password',
    maxLength: MAX_PASSWORD_LENGTH,
    autocomplete: 'current-password',
    attrs: { autofocus: this.bound },
  });
}
