import { describe, expect, it } from 'vitest';

import { type AnyClass } from '#core';

import { QuerySet } from '../query/query-set.js';
import { rowsClassOf } from './manager-note.js';
import { manager } from './manager.js';

class NamedRows extends QuerySet<Named> {}
class HiddenRows extends QuerySet<Named> {}
class ShelfRows extends QuerySet<Shelf> {}

class Named {
  static readonly hidden = manager(Named, HiddenRows);
  static readonly objects = manager(Named, NamedRows);
  id: number;
}

class Shelf {
  static readonly objects = manager(Shelf);
  static readonly rows = manager(Shelf, ShelfRows);
  id: number;
}

class Long extends Named {}

class Cupboard {
  static readonly objects = ['cup'];
  id: number;
}

describe('the class of the rows of an entity', () => {
  it.each<[string, AnyClass, unknown]>([
    ['that of the manager "objects"', Named, NamedRows],
    ['else that of the first manager that has one', Shelf, ShelfRows],
    ['that of the entity that it extends', Long, NamedRows],
    ['plain where "objects" is no manager', Cupboard, QuerySet],
  ])('is %s', (_, entity, rows) => {
    expect(rowsClassOf(entity)).toBe(rows);
  });
});
