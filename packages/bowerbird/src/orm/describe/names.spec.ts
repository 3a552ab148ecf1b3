import { describe, expect, it } from 'vitest';

import { humanize, pluralize } from './names.js';

describe('names', () => {
  it.each([
    ['inStock', 'In stock'],
    ['BlogPost', 'Blog post'],
    ['HTMLPage', 'HTML page'],
    ['zip_code', 'Zip code'],
    ['productId', 'Product ID'],
    ['id', 'ID'],
    ['url', 'URL'],
    ['address2Line', 'Address2 line'],
  ])('%s reads "%s"', (name, label) => {
    expect(humanize(name)).toBe(label);
  });

  it.each([
    ['Category', 'Categories'],
    ['Day', 'Days'],
    ['Box', 'Boxes'],
    ['Address', 'Addresses'],
    ['Batch', 'Batches'],
    ['Product', 'Products'],
  ])('several of %s are %s', (label, plural) => {
    expect(pluralize(label)).toBe(plural);
  });
});
