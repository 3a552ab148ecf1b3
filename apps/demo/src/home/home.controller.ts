import { Controller, Get } from '@nestjs/common';
import { Public } from 'bowerbird';
import { Reply } from 'bowerbird/http';
import { TemplateRenderer } from 'bowerbird/templates';

import { Home } from './home.service.js';

/** The page for everybody: what is in the demo, whose data it is, and the way to the admin. */
@Public()
@Controller()
export class HomeController {
  constructor(
    private readonly home: Home,
    private readonly templates: TemplateRenderer,
  ) {}

  @Get()
  async show(): Promise<Reply> {
    return Reply.html(await this.templates.render('demo/home', await this.home.model()));
  }
}
