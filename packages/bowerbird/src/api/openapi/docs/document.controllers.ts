import { Get, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, Public, Reply, type HttpRequest } from '#http';

import { yamlOf } from '../drivers/yaml.driver.js';
import { OpenApi } from '../openapi.service.js';
import { DocsGuard } from './docs.guard.js';

const HEADERS = { 'Cache-Control': 'private, no-cache', Vary: 'Cookie' };

/** The version whose description is asked for. */
export function versionIn({ query }: Pick<HttpRequest, 'query'>): string | undefined {
  return query['version'] === undefined ? undefined : String(query['version']);
}

/** Makes the controllers of the description. @param path of the API, with a slash behind where it is not empty */
export function createDocumentControllers(path: string): readonly Class[] {
  @PageController(`${path}openapi.json`)
  @Public()
  @UseGuards(DocsGuard)
  class OpenApiJsonController {
    constructor(private readonly openapi: OpenApi) {}

    @Get()
    async show(@Req() request: HttpRequest): Promise<Reply> {
      return Reply.json(await this.openapi.document(versionIn(request)), { headers: HEADERS });
    }
  }

  @PageController(`${path}openapi.yaml`)
  @Public()
  @UseGuards(DocsGuard)
  class OpenApiYamlController {
    constructor(private readonly openapi: OpenApi) {}

    @Get()
    async show(@Req() request: HttpRequest): Promise<Reply> {
      const text = await yamlOf(await this.openapi.document(versionIn(request)));
      return Reply.text(text, { headers: { ...HEADERS, 'Content-Type': 'application/yaml; charset=utf-8' } });
    }
  }
  return [OpenApiJsonController, OpenApiYamlController];
}
