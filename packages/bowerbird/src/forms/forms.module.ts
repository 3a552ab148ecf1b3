import { Module } from '@nestjs/common';

import { FormTemplates } from './form-templates.js';

/** Contributes the templates of forms; forms themselves need no module. */
@Module({ providers: [FormTemplates] })
export class FormsModule {}
