import { describe, expect, it } from 'vitest';

import { checkedApp, checkedClass, checkedFolder, checkedProperty } from './checked-names.js';

describe('names of apps', () => {
  it.each([
    ['catalog', { app: 'catalog', file: 'catalog', className: 'Catalog' }],
    ['price-lists', { app: 'price_lists', file: 'price-lists', className: 'PriceLists' }],
    ['PriceLists', { app: 'price_lists', file: 'price-lists', className: 'PriceLists' }],
  ])('%s', (given, names) => {
    expect(checkedApp(given)).toEqual(names);
  });

  it.each([
    ['', /is no name for an app/],
    ['2nd', /is no name for an app/],
    ['a'.repeat(33), /at most 32/],
    ['ca talog!', /is no name for an app/],
    ['admin', /The name "admin" is taken/],
    ['auth', /taken/],
    ['migrations', /taken/],
    ['../catalog', /is a path/],
    ['a/b', /is a path/],
    ['..', /is a path/],
    ['__proto__', /is no name/],
  ])('%j are refused', (given, message) => {
    expect(() => checkedApp(given)).toThrow(message);
  });
});

describe('names of classes', () => {
  it('keep their capitals, or get them', () => {
    expect(checkedClass('ProductReview', 'an entity')).toEqual({ file: 'product-review', className: 'ProductReview' });
    expect(checkedClass('product-review', 'an entity')).toEqual({ file: 'product-review', className: 'ProductReview' });
    expect(checkedClass('HTMLPage', 'an entity')).toEqual({ file: 'html-page', className: 'HTMLPage' });
  });

  it.each([
    ['Date', /would hide the usual one/],
    ['column', /A class named Column/],
    ['../Product', /is a path, and no name for an entity/],
    ['1Product', /is no name for an entity/],
    ['Pro duct', /is no name for an entity/],
    ['', /is no name for an entity/],
  ])('%j are refused', (given, message) => {
    expect(() => checkedClass(given, 'an entity')).toThrow(message);
  });
});

describe('names of fields', () => {
  it.each([
    ['id', /gets its id without being told/],
    ['unit_price', /Write unitPrice/],
    ['Title', /Write title/],
    ['constructor', /cannot be named/],
    ['__proto__', /is no name for a field/],
    ['2nd', /beginning with a small letter/],
  ])('%j are refused', (given, message) => {
    expect(() => checkedProperty(given)).toThrow(message);
  });
});

describe('folders', () => {
  it('stay inside of the project', () => {
    expect(checkedFolder('./libs/')).toBe('libs');
    for (const given of ['../libs', '/etc', 'src/../..', 'C:/x', '', 'src//x', '~/x', '.git/hooks']) {
      expect(() => checkedFolder(given), given).toThrow(/is no folder of this project/);
    }
  });
});
