import { describe, expect, it } from 'vitest';

import { adminNotes } from './admin-note.js';
import { Admin, AdminFor, adminFor, Display } from './admin.decorator.js';
import { ModelAdmin } from './model-admin.js';

class Maker {
  id: number;
  name: string;
  address: { city: string; zip: string };
}

class Tag {
  id: number;
  word: string;
}

class Item {
  id: number;
  name: string;
  slug: string | null;
  price: number;
  active?: boolean;
  made: Date;
  meta: Record<string, unknown>;
  words: string[];
  maker: Maker | null;
  lazyMaker: Promise<Maker>;
  tags: Tag[];

  get loud(): string {
    return this.name.toUpperCase();
  }

  margin(): number {
    return this.price / 2;
  }
}

/** Applies a decorator as the compiler would, so that each misuse stands on one line. */
const to = Item;

describe('the types of @Admin', () => {
  it('accept fields, relations, paths, getters, methods and computed columns', () => {
    Admin({
      list: [
        'name',
        'maker',
        'maker.name',
        'maker.address.city',
        'lazyMaker.name',
        'loud',
        'margin',
        'toString',
        'words',
        { label: 'Twice', value: (item: Item) => item.price * 2, ordering: '-price' },
      ],
      listLinks: ['name', 'loud'],
      sortable: ['name'],
      search: ['name', '^slug', '=id', 'tags.word', '=maker.id'],
      filters: ['active', 'maker', 'tags.word', { path: 'slug', kind: 'empty' }],
      ordering: ['-made', 'maker.name'],
      fieldsets: [{ title: 'Main', fields: ['name', ['slug', 'price']] }, { fields: ['tags', 'maker'] }],
      exclude: ['made'],
      readOnly: ['price', 'margin'],
      prepopulated: { slug: ['name'] },
      controls: { maker: 'select' },
      viewOnSite: (item: Item) => `/items/${item.id}`,
    })(to);
    expect(adminNotes(Item)).toHaveLength(1);
  });

  it('accept methods of the admin class in its list', () => {
    @AdminFor(Item, { list: ['name', 'shout'], readOnly: ['shout'] })
    class ItemAdmin extends ModelAdmin<Item> {
      @Display({ label: 'Shout' })
      shout(item: Item): string {
        return `${item.name}!`;
      }
    }
    expect(adminNotes(Item).at(-1)).toMatchObject({ admin: ItemAdmin });
  });

  it('type the row of callbacks given to adminFor', () => {
    const registration = adminFor(Item, { list: ['name', { label: 'Half', value: (item) => item.price / 2 }] });
    expect(registration.entity).toBe(Item);
  });

  it('refuse names that the entity does not have', () => {
    // @ts-expect-error misspelt field in list
    Admin({ list: ['naem'] })(to);
    // @ts-expect-error misspelt second step of a path
    Admin({ list: ['maker.naem'] })(to);
    // @ts-expect-error a path cannot go through a scalar
    Admin({ list: ['name.length'] })(to);
    // @ts-expect-error a column cannot show many rows
    Admin({ list: ['tags'] })(to);
    // @ts-expect-error nor go through them
    Admin({ list: ['tags.word'] })(to);
    // @ts-expect-error a computed column sorts by a path
    Admin({ list: [{ label: 'Twice', value: (item: Item) => item.price, ordering: 'prise' }] })(to);
    // @ts-expect-error misspelt link column
    Admin({ list: ['name'], listLinks: ['nmae'] })(to);
    // @ts-expect-error misspelt sortable column
    Admin({ list: ['name'], sortable: ['nmae'] })(to);
    // @ts-expect-error numbers are not searched for a part of them
    Admin({ search: ['price'] })(to);
    // @ts-expect-error misspelt name behind a prefix
    Admin({ search: ['^slugg'] })(to);
    // @ts-expect-error unknown prefix
    Admin({ search: ['@name'] })(to);
    // @ts-expect-error misspelt filter
    Admin({ filters: ['aktive'] })(to);
    // @ts-expect-error misspelt path of a filter object
    Admin({ filters: [{ path: 'aktive' }] })(to);
    // @ts-expect-error unknown kind of filter
    Admin({ filters: [{ path: 'active', kind: 'bool' }] })(to);
    // @ts-expect-error misspelt descending order
    Admin({ ordering: ['-maed'] })(to);
    // @ts-expect-error rows cannot be ordered by many rows
    Admin({ ordering: ['tags.word'] })(to);
    // @ts-expect-error misspelt join
    Admin({ joins: ['makr'] })(to);
  });

  it('refuse form names and options that do not exist', () => {
    // @ts-expect-error misspelt form field
    Admin({ fields: ['nme'] })(to);
    // @ts-expect-error misspelt form field on a shared line
    Admin({ fields: [['name', 'slugg']] })(to);
    // @ts-expect-error misspelt field in a fieldset
    Admin({ fieldsets: [{ title: 'Main', fields: ['nme'] }] })(to);
    // @ts-expect-error misspelt exclusion
    Admin({ exclude: ['nme'] })(to);
    // @ts-expect-error misspelt read-only field
    Admin({ readOnly: ['prize'] })(to);
    // @ts-expect-error misspelt prepopulated field
    Admin({ prepopulated: { slg: ['name'] } })(to);
    // @ts-expect-error misspelt source of a prepopulated field
    Admin({ prepopulated: { slug: ['nme'] } })(to);
    // @ts-expect-error misspelt field of a control
    Admin({ controls: { makr: 'select' } })(to);
    // @ts-expect-error unknown control
    Admin({ controls: { maker: 'dropdown' } })(to);
    // @ts-expect-error misspelt option
    Admin({ serach: ['name'] })(to);
    // @ts-expect-error rows of another entity
    Admin({ viewOnSite: (tag: Tag) => tag.word })(to);
    // @ts-expect-error misspelt field with adminFor
    adminFor(Item, { list: ['naem'] });
    // @ts-expect-error misspelt option with adminFor
    adminFor(Item, { lists: ['name'] });
  });

  it('refuse an admin class that lacks what its list names', () => {
    // @ts-expect-error neither the entity nor the class has it
    @AdminFor(Item, { list: ['whisper'] })
    class Quiet extends ModelAdmin<Item> {}
    // @ts-expect-error an admin class of another entity
    @AdminFor(Item, {})
    class TagAdmin extends ModelAdmin<Tag> {
      override columns(): readonly string[] {
        return [];
      }
    }
    expect([Quiet, TagAdmin]).toHaveLength(2);
  });
});
