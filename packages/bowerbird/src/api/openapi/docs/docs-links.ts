import { Injectable } from '@nestjs/common';

/** A way from the description of the API to another page. */
export interface DocsLink {
  readonly label: string;
  readonly href: string;
}

/** Where the pages that show the API lead to besides. */
@Injectable()
export class DocsLinks {
  private readonly links: DocsLink[] = [];

  add(link: DocsLink): void {
    this.links.push(link);
  }

  all(): readonly DocsLink[] {
    return this.links;
  }
}
