import { Get, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, type HttpRequest, type Reply } from '#http';

import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { Autocomplete } from './autocomplete.js';

/** Makes the controller of the endpoint that relation fields ask. */
export function createAutocompleteController(prefix: string): Class {
  @PageController(prefix)
  @UseGuards(AdminGuard)
  class AutocompleteController {
    constructor(private readonly autocomplete: Autocomplete) {}

    @Get('autocomplete')
    find(@Req() request: HttpRequest): Promise<Reply> {
      return this.autocomplete.answer(request);
    }
  }
  return namedClass(AutocompleteController, 'AdminAutocomplete');
}
