import { type QueryRunner } from 'typeorm';

import { type RawKey } from '../../query/compile/keys.js';
import { type EntityModel } from '../../query/model/entity-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { moveToEnd } from './moved-rows.js';
import { givePositions, type OpenRow } from './new-positions.js';
import { nameOf, placesOf, positionModel, type PlacedKey } from './position-model.js';

/** What is done with rows that were announced together. */
type Work = (model: EntityModel, rows: readonly OpenRow[]) => Promise<void>;

/** Gives positions to the rows of a save: TypeORM announces all of them before it stores the first, and after the last. */
export class SavedPositions {
  private readonly placing: Announcements;
  private readonly watching: Announcements;
  private readonly settling: Announcements;
  /**
   * Rows that may get another parent while they are stored, from a list of related rows that is saved with them: the name of
   * the parent before, null for new rows.
   */
  private readonly unsure = new WeakMap<object, string | null>();

  constructor(private readonly engine: QueryEngine) {
    this.placing = new Announcements((model, rows) => this.give(model, rows));
    this.watching = new Announcements((model, rows) => this.remember(model, rows));
    this.settling = new Announcements((model, rows) => this.correct(model, rows));
  }

  /** Before a row is stored: puts it behind those of its parent, unless it has a position. */
  async place(runner: QueryRunner, model: EntityModel, row: OpenRow): Promise<void> {
    await this.placing.announce(runner, model, row);
  }

  /** Before a row is stored that does not say what changes. */
  async watch(runner: QueryRunner, model: EntityModel, row: object): Promise<void> {
    await this.watching.announce(runner, model, { row });
  }

  /** After a row was stored: puts it behind those of the parent that it got meanwhile. */
  async settle(runner: QueryRunner, model: EntityModel, row: object): Promise<void> {
    if (this.unsure.has(row)) await this.settling.announce(runner, model, { row });
  }

  private async give(model: EntityModel, rows: readonly OpenRow[]): Promise<void> {
    const { column, parents } = positionModel(model)!;
    for (const { row, stored } of rows) {
      if (stored || ((column.metadata.getEntityValue(row) as unknown) ?? undefined) !== undefined) continue;
      const open = parents.some(
        ({ metadata }) => metadata.inverseRelation && metadata.getEntityValue(row) === undefined,
      );
      if (open) this.unsure.set(row, null);
    }
    await givePositions(this.engine, model, rows);
  }

  private async remember(model: EntityModel, rows: readonly OpenRow[]): Promise<void> {
    const placed = await this.placed(model, rows);
    for (const { row } of rows) {
      const place = placed.get(keyName(model, row));
      if (place) this.unsure.set(row, nameOf(place.group));
    }
  }

  private async correct(model: EntityModel, rows: readonly OpenRow[]): Promise<void> {
    const { within, parents, column } = positionModel(model)!;
    const references = parents.flatMap(({ pairs }) => pairs.map(({ own }) => within.indexOf(own)));
    const placed = await this.placed(model, rows);
    const moved = rows.flatMap(({ row }) => {
      const place = placed.get(keyName(model, row));
      const before = this.unsure.get(row);
      this.unsure.delete(row);
      if (!place) return [];
      const isMoved =
        before === null ? references.some((at) => place.group[at] !== null) : before !== nameOf(place.group);
      return isMoved ? [{ row, key: place.key }] : [];
    });
    await moveToEnd(
      this.engine,
      model,
      moved.map(({ key }) => key),
    );
    const now = await this.placed(model, moved);
    for (const { row } of moved) column.metadata.setEntityValue(row, now.get(keyName(model, row))!.position);
  }

  /** Where rows stand, by the names of their keys. */
  private async placed(model: EntityModel, rows: readonly OpenRow[]): Promise<ReadonlyMap<string, PlacedKey>> {
    const keys = rows.map(({ row }) => keyOf(model, row));
    const places = await placesOf(this.engine, positionModel(model)!, keys);
    return new Map(places.map((place) => [nameOf(place.key), place]));
  }
}

function keyOf({ primary }: EntityModel, row: object): RawKey {
  return primary.map(({ metadata }) => metadata.getEntityValue(row) as unknown);
}

function keyName(model: EntityModel, row: object): string {
  return nameOf(keyOf(model, row));
}

/** Gathers rows that are announced one by one and in one go. */
class Announcements {
  private readonly gathering = new WeakMap<QueryRunner, Gathered>();

  constructor(private readonly work: Work) {}

  async announce(runner: QueryRunner, model: EntityModel, row: OpenRow): Promise<void> {
    const gathered = this.gathering.get(runner) ?? this.begin(runner);
    const rows = gathered.rows.get(model) ?? [];
    gathered.rows.set(model, rows);
    rows.push(row);
    await gathered.done;
  }

  private begin(runner: QueryRunner): Gathered {
    const rows: Gathered['rows'] = new Map();
    const gathered = { rows, done: this.deal(runner, rows) };
    this.gathering.set(runner, gathered);
    return gathered;
  }

  private async deal(runner: QueryRunner, rows: Gathered['rows']): Promise<void> {
    // The announcements come in one go: when this goes on, all of them are here.
    await Promise.resolve();
    this.gathering.delete(runner);
    for (const [model, some] of rows) await this.work(model, some);
  }
}

/** Rows of one go, by their entities, and when they are dealt with. */
interface Gathered {
  readonly rows: Map<EntityModel, OpenRow[]>;
  readonly done: Promise<void>;
}
