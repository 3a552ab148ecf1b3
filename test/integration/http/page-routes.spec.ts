import { Get, Param } from '@nestjs/common';
import { PageController, Reply } from 'bowerbird/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HttpApp } from './http-app.js';

@PageController('shop/:section')
class ShelfPages {
  @Get('items')
  items(@Param('section') section: string) {
    return Reply.html(`items of ${section}`);
  }

  @Get('items/:id')
  item(@Param('id') id: string) {
    return Reply.html(`item ${id}`);
  }

  @Get('files{/*path}')
  files() {
    return Reply.html('files');
  }
}

@PageController('shop')
class ShopPages {
  @Get()
  index() {
    return Reply.html('index');
  }
}

describe('routes of page controllers', () => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start({ controllers: [ShelfPages, ShopPages] });
  });
  afterAll(() => app.nest.close());

  it.each([
    ['/shop', 'index'],
    ['/shop/', 'index'],
    ['/SHOP/?page=2', 'index'],
    ['/shop/Toys/items', 'items of Toys'],
    ['/Shop/toys/ITEMS/', 'items of toys'],
    ['/shop/toys/items/a%2Fb', 'item a/b'],
    ['/shop/toys/files', 'files'],
    ['/shop/toys/files/one/two', 'files'],
  ])('answer %s as Express matches it', async (path, text) => {
    expect(await (await app.fetch(path)).text()).toBe(text);
  });

  it.each(['/sho', '/shopp', '/shop/toys', '/shop/toys/item', '/shop/toys/items/1/2', '/'])(
    'leave %s alone',
    async (path) => {
      const response = await app.fetch(path, { headers: { accept: 'application/json' } });
      expect(await response.text()).not.toMatch(/^(index|items?|files)/);
    },
  );
});
