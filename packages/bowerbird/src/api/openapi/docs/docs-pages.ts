import { Injectable } from '@nestjs/common';

import { AuthConfig, loginLocation } from '#auth';
import { Reply, StaticDirectory, type HttpRequest } from '#http';
import { TemplateDirectory, TemplateRenderer } from '#templates';

import { ApiConfig } from '../../api.options.js';
import { hasViewerFile } from '../drivers/viewer-files.driver.js';
import { OpenApi } from '../openapi.service.js';
import { DocsLinks } from './docs-links.js';
import { versionIn } from './document.controllers.js';

/** Styles and scripts of the pages that show the API. */
@StaticDirectory('api')
@Injectable()
export class DocsAssets {
  readonly url = new URL('../assets/', import.meta.url);
}

/** The pages that show the API; applications override them by name. */
@TemplateDirectory('api')
@Injectable()
export class DocsTemplates {
  readonly url = new URL('../templates/', import.meta.url);
}

/** Makes the pages that show the API. */
@Injectable()
export class DocsPages {
  constructor(
    private readonly config: ApiConfig,
    private readonly auth: AuthConfig,
    private readonly renderer: TemplateRenderer,
    private readonly links: DocsLinks,
    private readonly openapi: OpenApi,
  ) {}

  async show(viewer: 'swagger' | 'redoc', request: HttpRequest): Promise<Reply> {
    const docsUrl = this.config.path('docs');
    const version = this.openapi.versionOf(versionIn(request));
    const ending = version === null ? '' : `?version=${encodeURIComponent(version)}`;
    const page = await this.renderer.render(`api/${viewer}`, {
      title: this.config.openapi.title,
      isSwagger: viewer === 'swagger',
      // Each page leads to the other where what draws that one is installed.
      hasSwagger: await hasViewerFile('swagger-ui-bundle.js'),
      hasRedoc: await hasViewerFile('redoc.standalone.js'),
      docsUrl: docsUrl + ending,
      filesUrl: `${docsUrl}/files/`,
      redocUrl: this.config.path('redoc') + ending,
      documentUrl: this.config.path('openapi.json') + ending,
      versions: this.openapi.versions.map((name) => ({
        label: name,
        href: `${this.config.path(viewer === 'swagger' ? 'docs' : 'redoc')}?version=${encodeURIComponent(name)}`,
        isCurrent: name === version,
      })),
      loginUrl: loginLocation(this.auth.urls.login, request),
      links: this.links.all(),
    });
    return Reply.html(page, { headers: { 'Cache-Control': 'private, no-store' } });
  }
}
