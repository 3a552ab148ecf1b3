import { describe, expect, it } from 'vitest';

import { type MigrationFile } from '../files/migration-file.js';
import { MigrationGraph } from '../files/migration-graph.js';
import { replay } from '../files/replay.js';
import { Migration } from '../migration.js';
import { type Operation } from '../operations/operation.js';
import { ops } from '../operations/ops.js';
import { ProjectState } from '../state/project-state.js';
import { assemble, type NewMigration } from './assemble.js';
import { Decisions } from './decisions.js';
import { detectChanges } from './detect-changes.js';
import { SilentDecisions } from './silent-decisions.js';

const file = (app: string, name: string, operations: readonly Operation[], dependencies: [string, string][] = []) =>
  ({
    app,
    name,
    number: Number.parseInt(name, 10),
    url: new URL('file:///'),
    migration: new Migration({ operations, dependencies }),
  }) satisfies MigrationFile;

/** The state after operations, given as pairs of app and operation. */
function state(...operations: readonly (readonly [string, Operation])[]): ProjectState {
  return operations.reduce((current, [app, operation]) => operation.apply(current, app), ProjectState.empty);
}

async function migrations(
  from: ProjectState,
  to: ProjectState,
  graph = new MigrationGraph([]),
  decisions: Decisions = new SilentDecisions(),
): Promise<readonly NewMigration[]> {
  return assemble(await detectChanges(from, to, decisions), graph);
}

/** What a migration does, in words. */
const summary = (all: readonly NewMigration[]) =>
  all.map(({ app, name, dependencies, operations }) => ({
    key: `${app}.${name}`,
    needs: dependencies.map((reference) => reference.join('.')),
    does: operations.map(({ title }) => title),
  }));

/** The state after the migrations were applied. */
const applied = (from: ProjectState, all: readonly NewMigration[]) =>
  all.reduce((current, { app, name, operations }) => replay(current, file(app, name, operations)), from);

const table = (name: string, fields: Parameters<typeof ops.createEntity>[1]['fields'] = {}) =>
  ops.createEntity(name, { table: name.toLowerCase(), fields: { id: ops.id(), ...fields } });

class Renames extends Decisions {
  constructor(private readonly names: readonly string[]) {
    super();
  }

  async isRename(name: string): Promise<boolean> {
    return this.names.includes(name);
  }

  async agreeToReplace(): Promise<void> {}

  async fillFor(): Promise<unknown> {
    return 'filled';
  }
}

describe('the autodetector', () => {
  it('finds nothing where nothing changed', async () => {
    const same = state(
      ['shop', table('A', { b: ops.string() })],
      ['shop', table('B', { a: ops.manyToOne('A', { columns: { aId: 'id' } }) })],
    );
    expect(
      await migrations(same, ProjectState.of([...same.entities.values()].map((entity) => structuredClone(entity)))),
    ).toEqual([]);
  });

  it('creates entities after those to which they refer, and ends in the wanted state', async () => {
    const wanted = state(
      ['auth', table('User')],
      ['shop', table('Category')],
      [
        'shop',
        table('Product', {
          category: ops.manyToOne('Category', { columns: { categoryId: 'id' } }),
          owner: ops.manyToOne('auth.User', { columns: { ownerId: 'id' } }),
        }),
      ],
    );
    const reversed = ProjectState.of([...wanted.entities.values()].toReversed());
    const made = await migrations(ProjectState.empty, reversed);
    expect(summary(made)).toEqual([
      { key: 'auth.0001_initial', needs: [], does: ['Create entity User'] },
      {
        key: 'shop.0001_initial',
        needs: ['auth.0001_initial'],
        does: ['Create entity Category', 'Create entity Product'],
      },
    ]);
    expect(await migrations(applied(ProjectState.empty, made), reversed)).toEqual([]);
  });

  it('cuts circles open at what may be empty, in one app and between two', async () => {
    const circle = (other: string) =>
      ProjectState.of([
        ...state(['a', table('A')])
          .map((entity) => ({
            ...entity,
            fields: {
              ...entity.fields,
              b: { kind: 'many-to-one' as const, target: `${other}.B`, columns: { bId: 'id' }, nullable: true },
            },
            uniques: [{ fields: ['b'] }],
          }))
          .entities.values(),
        ...state([other, table('B')])
          .map((entity) => ({
            ...entity,
            fields: { ...entity.fields, a: { kind: 'many-to-one' as const, target: 'a.A', columns: { aId: 'id' } } },
          }))
          .entities.values(),
      ]);
    const within = await migrations(ProjectState.empty, circle('a'));
    expect(summary(within)).toEqual([
      {
        key: 'a.0001_initial',
        needs: [],
        does: ['Create entity A', 'Create entity B', 'Add field b to A', 'Add unique set b to A'],
      },
    ]);
    const between = await migrations(ProjectState.empty, circle('z'));
    expect(summary(between)).toEqual([
      { key: 'a.0001_initial', needs: [], does: ['Create entity A'] },
      { key: 'z.0001_initial', needs: ['a.0001_initial'], does: ['Create entity B'] },
      {
        key: 'a.0002_a_b_a_b_unique_set',
        needs: ['z.0001_initial'],
        does: ['Add field b to A', 'Add unique set b to A'],
      },
    ]);
    expect(await migrations(applied(ProjectState.empty, between), circle('z'))).toEqual([]);
  });

  it('removes what refers before what is referred to, circles included', async () => {
    const from = state(
      ['shop', table('A')],
      ['shop', table('B', { a: ops.manyToOne('A', { columns: { aId: 'id' } }) })],
      ['shop', ops.addField('A', 'b', ops.manyToOne('B', { columns: { bId: 'id' } }))],
      ['shop', table('C', { a: ops.manyToOne('A', { columns: { aId: 'id' } }) })],
      ['shop', table('D', { c: ops.manyToOne('C', { columns: { cId: 'id' } }) })],
    );
    const to = state(['shop', table('D')]);
    const made = await migrations(from, to);
    expect(summary(made)[0]!.does).toEqual([
      'Remove field b from A',
      'Remove field a from B',
      'Remove field c from D',
      'Drop entity C',
      'Drop entity A',
      'Drop entity B',
    ]);
    expect(applied(from, made)).toEqual(to);
  });

  it('orders what happens to one entity: parts go, fields change, parts come', async () => {
    const from = state([
      'shop',
      ops.createEntity('A', {
        table: 'a',
        fields: { id: ops.id(), b: ops.string(), c: ops.integer() },
        indexes: [{ fields: ['b'] }],
        checks: [{ expression: 'c > 0' }],
      }),
    ]);
    const to = state([
      'shop',
      ops.createEntity('A', {
        table: 'things',
        fields: { id: ops.id(), c: ops.bigint(), d: ops.text({ nullable: true }) },
        uniques: [{ fields: ['c', 'd'] }],
        indexes: [{ fields: ['d'] }],
      }),
    ]);
    const made = await migrations(from, to, undefined, new Renames([]));
    expect(summary(made)[0]!.does).toEqual([
      'Remove check c > 0 from A',
      'Remove index b from A',
      'Rename table of A to things',
      'Remove field b from A',
      'Alter field c of A',
      'Add field d to A',
      'Add unique set c, d to A',
      'Add index d to A',
    ]);
    expect(applied(from, made)).toEqual(to);
  });

  it('renames where it is told to, and follows references', async () => {
    const from = state(
      ['shop', table('Item', { title: ops.string(), size: ops.integer() })],
      ['shop', table('Line', { item: ops.manyToOne('Item', { columns: { itemId: 'id' } }) })],
    );
    const to = state(
      ['shop', table('Product', { name: ops.string({ length: 40 }), size: ops.integer() })],
      ['shop', table('Line', { item: ops.manyToOne('Product', { columns: { productId: 'id' } }) })],
    );
    const made = await migrations(from, to, undefined, new Renames(['shop.Item:Product', 'shop.Product.title:name']));
    expect(summary(made)[0]!.does).toEqual([
      'Rename entity Item to Product',
      'Rename field title of Product to name',
      'Alter field name of Product',
      'Alter field item of Line',
    ]);
    expect(applied(from, made).toJSON()).toEqual(to.toJSON());
    const unrelated = await migrations(from, to, undefined, new Renames([]));
    expect(summary(unrelated)[0]!.does).toContain('Drop entity Item');
    expect(applied(from, unrelated).toJSON()).toEqual(to.toJSON());
  });

  it('changes a key in one step, after what referred to it', async () => {
    const line = (columns: Record<string, string>) =>
      table('Line', { item: ops.manyToOne('Item', { columns, nullable: true }) });
    const from = state(['shop', table('Item', { code: ops.string() })], ['shop', line({ itemId: 'id' })]);
    const keyed = ops.createEntity('Item', { table: 'item', fields: { code: ops.string({ primary: true }) } });
    const to = state(['shop', keyed], ['shop', line({ itemCode: 'code' })]);
    const asked: string[] = [];
    class Agrees extends SilentDecisions {
      override async agreeToReplace(name?: string, question?: string): Promise<void> {
        asked.push(`${name}: ${question}`);
      }
    }
    const made = await migrations(from, to, undefined, new Agrees());
    expect(asked).toEqual([
      'shop.Line.item: The field shop.Line.item refers to another key. Remove it with its values and add it anew?',
    ]);
    expect(summary(made)[0]!.does).toEqual([
      'Remove field item from Line',
      'Change key of Item to code',
      'Add field item to Line',
    ]);
    expect(applied(from, made).toJSON()).toEqual(to.toJSON());
  });

  it('asks before values of a relation are given up', async () => {
    const both = [
      ['shop', table('A')],
      ['shop', table('B')],
    ] as const;
    const from = state(...both, ['shop', table('C', { to: ops.manyToOne('A', { columns: { toId: 'id' } }) })]);
    const to = state(...both, ['shop', table('C', { to: ops.manyToOne('B', { columns: { toId: 'id' } }) })]);
    class Refuses extends SilentDecisions {
      override async agreeToReplace(_name?: string, question?: string): Promise<void> {
        throw new Error(question);
      }
    }
    await expect(migrations(from, to, undefined, new Refuses())).rejects.toThrow(
      'The field shop.C.to refers to other entities. Remove it with its values and add it anew?',
    );
    expect(summary(await migrations(from, to))[0]!.does).toEqual(['Remove field to from C', 'Add field to to C']);
  });

  it('asks for the value of rows only where none is known', async () => {
    const from = state(['shop', table('B')], ['shop', table('A', { was: ops.string({ nullable: true }) })]);
    const fields = {
      was: ops.string(),
      plain: ops.string(),
      free: ops.string({ nullable: true }),
      preset: ops.string({ default: '' }),
      made: ops.datetime({ generated: 'created' }),
      b: ops.manyToMany('B', { table: 'ab', from: { aId: 'id' }, to: { bId: 'id' } }),
    };
    const to = state(['shop', table('B')], ['shop', table('A', fields)]);
    const asked: string[] = [];
    class Notes extends SilentDecisions {
      override async fillFor(name?: string): Promise<undefined> {
        asked.push(name!);
      }
    }
    await migrations(from, to, undefined, new Notes());
    expect(asked.sort()).toEqual(['shop.A.plain', 'shop.A.was']);
  });

  it('depends on the last migration of another app, and counts on', async () => {
    const files = [
      file('auth', '0001_initial', [table('User')]),
      file('auth', '0002_more', []),
      file('shop', '0001_initial', [table('A')]),
    ];
    const graph = new MigrationGraph(files);
    const to = graph.stateOf().replace('shop.A', (entity) => ({
      ...entity,
      fields: {
        ...entity.fields,
        user: { kind: 'many-to-one', target: 'auth.User', columns: { userId: 'id' }, nullable: true },
      },
    }));
    expect(summary(await migrations(graph.stateOf(), to, graph))).toEqual([
      { key: 'shop.0002_a_user', needs: ['auth.0002_more'], does: ['Add field user to A'] },
    ]);
  });

  it('makes schemas first, for each app its own, and moves a table after the one whose place it takes', async () => {
    const at = (schema?: string) => ({ table: 'a', ...(schema && { schema }), fields: { id: ops.id() } });
    const from = state(
      ['shop', ops.createSchema('old')],
      ['shop', ops.createEntity('A', at())],
      ['shop', ops.createEntity('B', at('old'))],
      ['auth', ops.createEntity('User', { ...at(), table: 'user' })],
    );
    const to = state(
      ['shop', ops.createEntity('A', at('old'))],
      ['shop', ops.createEntity('B', at('older'))],
      ['shop', ops.createEntity('C', at())],
      ['auth', ops.createEntity('User', { ...at('old'), table: 'user' })],
    );
    const made = await migrations(from, to);
    expect(Object.fromEntries(summary(made).map(({ key, does }) => [key.split('.')[0], does]))).toEqual({
      shop: [
        'Create schema older',
        'Move table of B to schema older',
        'Move table of A to schema old',
        'Create entity C',
      ],
      auth: ['Create schema old', 'Move table of User to schema old'],
    });
    expect(applied(from, made).toJSON()).toEqual(to.toJSON());
    const dropped = await migrations(from, state(['shop', ops.createEntity('A', at('old'))]), undefined);
    expect(summary(dropped).find(({ key }) => key.startsWith('shop'))!.does).toEqual([
      'Drop entity B',
      'Move table of A to schema old',
    ]);
  });

  it('compares two hundred entities in one go', async () => {
    const many = (length: number) =>
      state(
        ...Array.from(
          { length: 200 },
          (_, index) =>
            [
              'shop',
              ops.createEntity(`E${index}`, {
                table: `e${index}`,
                fields: {
                  id: ops.id(),
                  name: ops.string({ length }),
                  ...(index > 0 && { up: ops.manyToOne(`E${index - 1}`, { columns: { upId: 'id' } }) }),
                },
              }),
            ] as const,
        ),
      );
    const made = await migrations(many(10), many(20));
    expect(made[0]!.operations).toHaveLength(200);
    expect(
      assemble(
        await detectChanges(many(20), many(30), new SilentDecisions()),
        new MigrationGraph([file('shop', '0001_initial', [])]),
      )[0]!.name,
    ).toBe('0002_alter_e0_name_alter_e1_name_alter_e2_name_and_more');
  });
});

describe('the graph of migrations', () => {
  it('refuses a circle and names it', () => {
    const files = [
      file('a', '0001_initial', [], [['b', '0001_initial']]),
      file('b', '0001_initial', [], [['a', '0001_initial']]),
    ];
    expect(() => new MigrationGraph(files)).toThrow(
      'Migrations depend on each other in a circle: a.0001_initial → b.0001_initial → a.0001_initial',
    );
  });

  describe('finds, when it is told so,', () => {
    const ITEM = { name: ops.string(), maker: ops.manyToOne('shop.Maker', { columns: { makerId: 'id' } }) };

    it('an entity that moved to another app, after the last migration of that one', async () => {
      const initial = [table('Maker'), table('Item', ITEM)];
      const recorded = state(...initial.map((operation) => ['shop', operation] as const), [
        'shop',
        table('Line', { item: ops.manyToOne('Item', { columns: { itemId: 'id' } }) }),
      ]);
      const wanted = ProjectState.of([
        ...state(
          ['shop', table('Maker')],
          ['catalog', table('Item', ITEM)],
          [
            'shop',
            table('Line', {
              item: ops.manyToOne('catalog.Item', { columns: { itemId: 'id' } }),
              other: ops.manyToOne('catalog.Item', { columns: { otherId: 'id' }, nullable: true }),
            }),
          ],
        ).entities.values(),
      ]);
      const graph = new MigrationGraph([file('shop', '0001_initial', initial)]);
      const made = await migrations(recorded, wanted, graph, new Renames(['shop.Item:catalog.Item']));
      expect(summary(made)).toEqual([
        { key: 'catalog.0001_initial', needs: ['shop.0001_initial'], does: ['Adopt entity shop.Item'] },
        { key: 'shop.0002_line_other', needs: ['catalog.0001_initial'], does: ['Add field other to Line'] },
      ]);
      expect(await migrations(applied(recorded, made), wanted)).toEqual([]);
    });

    it('pairs that became an entity, with what it has beside its two references', async () => {
      const tags = ops.manyToMany('Tag', { table: 'item_tags', from: { itemId: 'id' }, to: { tagId: 'id' } });
      const recorded = state(['shop', table('Tag')], ['shop', table('Item', { tags })]);
      const wanted = state(
        ['shop', table('Tag')],
        ['shop', table('Item')],
        [
          'shop',
          table('ItemTag', {
            item: ops.manyToOne('Item', { columns: { itemId: 'id' }, onDelete: 'cascade' }),
            tag: ops.manyToOne('Tag', { columns: { tagId: 'id' }, onDelete: 'cascade' }),
            position: ops.integer({ default: 0 }),
          }),
        ],
      );
      const made = await migrations(recorded, wanted, undefined, new Renames(['shop.Item.tags:ItemTag']));
      expect(summary(made)).toEqual([
        {
          key: 'shop.0001_initial',
          needs: [],
          does: ['Make entity ItemTag of Item.tags', 'Change key of ItemTag to id', 'Add field position to ItemTag'],
        },
      ]);
      expect(await migrations(applied(recorded, made), wanted)).toEqual([]);
      const dropped = await migrations(recorded, wanted);
      expect(dropped.flatMap(({ operations }) => operations.map(({ title }) => title))).toContain(
        'Remove field tags from Item',
      );
    });
  });
});
