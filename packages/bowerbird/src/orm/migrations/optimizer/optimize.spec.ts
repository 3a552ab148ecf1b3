import { describe, expect, it } from 'vitest';

import { type Operation } from '../operations/operation.js';
import { ops } from '../operations/ops.js';
import { ProjectState } from '../state/project-state.js';
import { differentKeys } from '../state/same-state.js';
import { printValue } from '../writer/print.js';
import { optimize } from './optimize.js';

const run = (state: ProjectState, operations: readonly Operation[]): ProjectState =>
  operations.reduce((current, operation) => operation.apply(current, 'shop'), state);

const BASE = run(ProjectState.empty, [
  ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } }),
]);

const table = (name: string, fields: Parameters<typeof ops.createEntity>[1]['fields'] = {}) =>
  ops.createEntity(name, { table: name.toLowerCase(), fields: { id: ops.id(), ...fields } });

/** What is left, as a migration file writes it; the state must be the same. */
function left(...operations: readonly Operation[]): readonly string[] {
  const shorter = optimize(operations, { app: 'shop', base: BASE });
  expect(differentKeys(run(BASE, shorter), run(BASE, operations))).toEqual([]);
  return shorter.map((operation) => printValue(operation.call('shop')).replaceAll(/\s+/g, ' '));
}

describe('optimize', () => {
  it('takes into a new table what happens to it afterwards', () => {
    expect(
      left(
        table('A'),
        ops.addField('A', 'x', ops.integer(), { fill: 3 }),
        ops.alterField('A', 'x', ops.integer({ nullable: true })),
        ops.renameField('A', 'x', 'y'),
        ops.addField('A', 'gone', ops.text()),
        ops.removeField('A', 'gone'),
        ops.addUnique('A', { fields: ['y'] }),
        ops.addIndex('A', { fields: ['y'] }),
        ops.removeIndex('A', { fields: ['y'] }),
        ops.addCheck('A', { expression: 'y > 0' }),
        ops.renameTable('A', 'a_table'),
        ops.renameEntity('A', 'B'),
      ),
    ).toEqual([
      "ops.createEntity('B', { table: 'a_table', fields: { id: ops.id(), y: ops.integer({ nullable: true }), }, uniques: [{ fields: ['y'] }], checks: [{ expression: 'y > 0' }], })",
    ]);
  });

  it('leaves nothing of what is taken back', () => {
    expect(left(table('A'), ops.addField('A', 'x', ops.text()), ops.dropEntity('A'))).toEqual([]);
    expect(left(ops.addField('Note', 'x', ops.text()), ops.removeField('Note', 'x'))).toEqual([]);
    expect(left(ops.addIndex('Note', { fields: ['text'] }), ops.removeIndex('Note', { fields: ['text'] }))).toEqual([]);
    expect(left(ops.renameEntity('Note', 'Memo'), ops.renameEntity('Memo', 'Note'))).toEqual([]);
    expect(left(ops.renameField('Note', 'text', 'a'), ops.renameField('Note', 'a', 'text'))).toEqual([]);
  });

  it('puts a table where it goes in the end, after the schema is made', () => {
    expect(
      left(table('A'), ops.createSchema('x'), ops.moveTable('A', 'x'), ops.createSchema('y'), ops.moveTable('A', 'y')),
    ).toEqual([
      "ops.createSchema('x')",
      "ops.createSchema('y')",
      "ops.createEntity('A', { table: 'a', schema: 'y', fields: { id: ops.id(), }, })",
    ]);
    expect(left(ops.createSchema('x'), ops.moveTable('Note', 'x'), ops.moveTable('Note', null))).toEqual([
      "ops.createSchema('x')",
    ]);
  });

  it('keeps what values went through', () => {
    const away = [ops.removeField('Note', 'text'), ops.addField('Note', 'text', ops.string())];
    expect(left(...away)).toHaveLength(2);
    const cut = [
      ops.alterField('Note', 'text', ops.string({ length: 5 }), { lossy: true }),
      ops.alterField('Note', 'text', ops.text()),
    ];
    expect(left(...cut)).toHaveLength(2);
    const converted = [
      ops.addField('Note', 'n', ops.integer(), { fill: 7 }),
      ops.alterField('Note', 'n', ops.string({ length: 9 })),
    ];
    expect(left(...converted)).toHaveLength(2);
  });

  it('gives existing rows the value that they would have got', () => {
    expect(
      left(
        ops.addField('Note', 's', ops.string({ default: 'draft' })),
        ops.alterField('Note', 's', ops.string({ default: 'live' })),
      ),
    ).toEqual(["ops.addField('Note', 's', ops.string({ default: 'live' }), { fill: 'draft' })"]);
    expect(
      left(
        ops.addField('Note', 's', ops.string({ nullable: true })),
        ops.alterField('Note', 's', ops.string(), { fill: 'x' }),
      ),
    ).toEqual(["ops.addField('Note', 's', ops.string(), { fill: 'x' })"]);
  });

  it('joins renames and changes of one field', () => {
    expect(left(ops.renameField('Note', 'text', 'a'), ops.renameField('Note', 'a', 'b'))).toEqual([
      "ops.renameField('Note', 'text', 'b')",
    ]);
    expect(left(ops.renameTable('Note', 'a'), ops.renameTable('Note', 'b'))).toEqual(["ops.renameTable('Note', 'b')"]);
    expect(left(ops.renameEntity('Note', 'A', { table: 'a' }), ops.renameEntity('A', 'B'))).toEqual([
      "ops.renameEntity('Note', 'B', { table: 'a' })",
    ]);
    const altered = [
      ops.alterField('Note', 'text', ops.string({ length: 300 })),
      ops.alterField('Note', 'text', ops.string({ length: 400 })),
    ];
    expect(left(...altered)).toEqual(["ops.alterField('Note', 'text', ops.string({ length: 400 }))"]);
    expect(left(...altered, ops.removeField('Note', 'text'))).toEqual(["ops.removeField('Note', 'text')"]);
  });

  it('never joins across SQL or code', () => {
    const sql = ops.sql("UPDATE note SET text = ''", []);
    expect(left(table('A'), sql, ops.addField('A', 'x', ops.text()))).toHaveLength(3);
    const code = ops.code(async () => undefined);
    expect(left(ops.addField('Note', 'x', ops.text()), code, ops.removeField('Note', 'x'))).toHaveLength(3);
  });

  it('waits with a reference until its target is there', () => {
    const reference = ops.manyToOne('B', { columns: { bId: 'id' } });
    expect(left(table('A'), table('B'), ops.addField('A', 'b', reference))).toEqual([
      expect.stringContaining("createEntity('A'"),
      expect.stringContaining("createEntity('B'"),
      "ops.addField('A', 'b', ops.manyToOne('B', { columns: { bId: 'id' } }))",
    ]);
    expect(left(table('B'), table('A'), ops.addField('A', 'b', reference))).toHaveLength(2);
    expect(
      left(
        table('A'),
        table('B', { a: ops.manyToOne('A', { columns: { aId: 'id' } }) }),
        ops.renameField('A', 'id', 'key'),
      ),
    ).toHaveLength(3);
  });

  it('comes to the same tables for any history', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const operations = randomHistory(seed);
      expect(left(...operations).length).toBeLessThanOrEqual(operations.length);
    }
  });
});

/** A history of operations that follow from each other, the same for the same seed. */
function randomHistory(seed: number): readonly Operation[] {
  let current = seed * 7919;
  const random = (below: number): number => {
    current = (current * 48_271) % 2_147_483_647;
    return current % below;
  };
  const operations: Operation[] = [];
  let state = BASE;
  for (let tries = 0; tries < 60; tries += 1) {
    const entity = ['Note', 'A', 'B', 'C'][random(4)]!;
    const path = ['x', 'y', 'z', 'text'][random(4)]!;
    const kinds: readonly (() => Operation)[] = [
      () => table(entity),
      () => ops.dropEntity(entity),
      () => ops.addField(entity, path, ops.string({ length: 1 + random(9) }), random(2) ? { fill: 'v' } : {}),
      () => ops.addField(entity, path, ops.manyToOne('A', { columns: { [`${path}Id`]: 'id' }, nullable: true })),
      () => ops.removeField(entity, path),
      () => ops.alterField(entity, path, ops.string({ length: 1 + random(9), nullable: random(2) === 0 })),
      () => ops.renameField(entity, path, ['x', 'y', 'z'][random(3)]!),
      () => ops.addIndex(entity, { fields: [path] }),
      () => ops.removeIndex(entity, { fields: [path] }),
      () => ops.addUnique(entity, { fields: [path] }),
      () => ops.removeUnique(entity, { fields: [path] }),
      () => ops.addCheck(entity, { expression: `${path} > 0` }),
      () => ops.renameTable(entity, ['one', 'two'][random(2)]!),
      () => ops.renameEntity(entity, ['A', 'B', 'C'][random(3)]!),
      () => ops.sql('SELECT 1', []),
    ];
    const operation = kinds[random(kinds.length)]!();
    const after = attempt(() => operation.apply(state, 'shop'));
    if (!after) continue;
    state = after;
    operations.push(operation);
  }
  return operations;
}

function attempt<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
