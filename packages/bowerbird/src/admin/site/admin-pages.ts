import { Injectable } from '@nestjs/common';

import { Reply } from '#http';
import { TemplateRenderer } from '#templates';

import { type AdminDescriptor } from './admin-descriptor.js';

/** Turns view models into pages. A template is looked up per entity, per app, then among the admin's own. */
@Injectable()
export class AdminPages {
  private readonly chosen = new Map<string, string>();

  constructor(private readonly renderer: TemplateRenderer) {}

  /** @param name such as `list`: `admin/shop/product/list`, `admin/shop/list` and `admin/list` are tried in this order */
  async render(name: string, model: object, descriptor?: AdminDescriptor, status = 200): Promise<Reply> {
    return Reply.html(await this.renderer.render(this.choose(name, descriptor), model), { status });
  }

  private choose(name: string, descriptor?: AdminDescriptor): string {
    if (!descriptor) return `admin/${name}`;
    const key = `${descriptor.key}:${name}`;
    const known = this.chosen.get(key);
    if (known) return known;
    const folder = descriptor.key.replace('.', '/');
    const candidates = [`admin/${folder}/${name}`, `admin/${descriptor.app.name}/${name}`];
    const found = candidates.find((candidate) => this.renderer.has(candidate)) ?? `admin/${name}`;
    this.chosen.set(key, found);
    return found;
  }
}
