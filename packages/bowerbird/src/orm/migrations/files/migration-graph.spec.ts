import { describe, expect, it } from 'vitest';

import { Migration, type MigrationOptions } from '../migration.js';
import { ops } from '../operations/ops.js';
import { branchesOf, sharedBetween } from './branches.js';
import { lastNumber, type MigrationFile } from './migration-file.js';
import { MigrationGraph } from './migration-graph.js';

const file = (app: string, name: string, options: Partial<MigrationOptions> = {}): MigrationFile => ({
  app,
  name,
  number: Number.parseInt(name, 10),
  url: new URL('file:///'),
  migration: new Migration({ operations: [], ...options }),
});
const keys = (graph: MigrationGraph): readonly string[] => graph.ordered.map(({ app, name }) => `${app}.${name}`);

describe('the graph of migrations', () => {
  const squash = file('shop', '0001_squashed_0003_c', { replaces: ['0001_a', '0002_b', '0003_c'] });
  const originals = [file('shop', '0001_a'), file('shop', '0002_b'), file('shop', '0003_c')];
  const blog = file('blog', '0001_initial', { dependencies: [['shop', '0002_b']] });

  it('puts a squashed migration in the place of those that it stands for, for other apps too', () => {
    const graph = new MigrationGraph([blog, squash, ...originals, file('shop', '0004_d')]);
    expect(keys(graph)).toEqual(['shop.0001_squashed_0003_c', 'blog.0001_initial', 'shop.0004_d']);
    expect(graph.requirementsOf('shop.0004_d')).toEqual(['shop.0001_squashed_0003_c']);
    expect(graph.standIn('shop.0002_b')).toBe('shop.0001_squashed_0003_c');
    expect(graph.lastNumber('shop')).toBe(4);
  });

  it('brings the originals back when the squashed one steps aside', () => {
    const graph = new MigrationGraph([blog, squash, ...originals]).without('shop.0001_squashed_0003_c');
    expect(keys(graph)).toEqual(['shop.0001_a', 'shop.0002_b', 'blog.0001_initial', 'shop.0003_c']);
  });

  it('lets those that follow the squashed one follow its last original then', () => {
    const next = file('shop', '0004_d', { dependencies: [['shop', '0001_squashed_0003_c']] });
    const graph = new MigrationGraph([squash, ...originals, next]).without('shop.0001_squashed_0003_c');
    expect(graph.requirementsOf('shop.0004_d')).toEqual(['shop.0003_c']);
    expect(graph.find('shop', '2').name).toBe('0002_b');
  });

  it('follows squashed migrations that were squashed again', () => {
    const again = file('shop', '0001_squashed_0004_d', { replaces: ['0001_squashed_0003_c', '0004_d'] });
    const graph = new MigrationGraph([blog, squash, again, ...originals, file('shop', '0004_d')]);
    expect(keys(graph)).toEqual(['shop.0001_squashed_0004_d', 'blog.0001_initial']);
    expect(keys(graph.without('shop.0001_squashed_0004_d'))).toContain('shop.0001_squashed_0003_c');
  });

  it('counts on behind the last number that is squashed, also when that is only in the name', () => {
    const graph = new MigrationGraph([file('shop', '0001_squashed_0003_c'), file('shop', '0004_d')]);
    expect(keys(graph)).toEqual(['shop.0001_squashed_0003_c', 'shop.0004_d']);
    expect(lastNumber(squash)).toBe(3);
  });

  it('refuses a squashed migration that something else must come into the middle of', () => {
    const needy = file('shop', '0001_squashed_0003_c', {
      replaces: ['0001_a', '0002_b', '0003_c'],
      dependencies: [['blog', '0001_initial']],
    });
    expect(() => new MigrationGraph([blog, needy, ...originals])).toThrow(
      'Migrations depend on each other in a circle: blog.0001_initial → shop.0001_squashed_0003_c → blog.0001_initial',
    );
  });

  it('knows what branches share', () => {
    const table = (name: string) => ops.createEntity(name, { table: name, fields: { id: ops.id() } });
    const after = { dependencies: [['shop', '0001_a']] as const };
    const graph = new MigrationGraph([
      file('shop', '0001_a', { operations: [table('A'), table('B')] }),
      file('shop', '0002_b', { ...after, operations: [ops.addField('A', 'x', ops.text())] }),
      file('shop', '0002_c', { ...after, operations: [ops.addField('B', 'x', ops.text())] }),
      file('shop', '0002_d', { ...after, operations: [ops.renameTable('B', 'other')] }),
    ]);
    expect(graph.leavesOf('shop').map(({ name }) => name)).toEqual(['0002_b', '0002_c', '0002_d']);
    expect(branchesOf(graph, 'shop').map(({ entities }) => entities)).toEqual([['shop.A'], ['shop.B'], ['shop.B']]);
    expect(sharedBetween(branchesOf(graph, 'shop'))).toEqual(['shop.B']);
    expect(() => graph.merged).toThrow('App "shop" has 3 last migrations: 0002_b, 0002_c, 0002_d');
  });
});
