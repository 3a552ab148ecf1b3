import { type RelationModel } from '../query/model/relation-model.js';
import { type QueryEngine } from '../query/query-engine.js';

/** Rows of a result that are loaded together; more only cost memory while one of them is kept. */
const MOST = 1_000;

/** Loads what a row and its group lack. */
export interface Loader {
  /** What the rows came by. */
  readonly engine: QueryEngine;
  /** A relation of a row, loaded for its whole group unless it is there. */
  value(entity: object, relation: RelationModel): Promise<unknown>;
}

/** Returns what it is given, so that a class can put a private field on an object that it did not make. */
class Given {
  constructor(object: object) {
    return object;
  }
}

/**
 * The note on an entity of which group it is. A private field costs a tenth of an entry in a WeakMap and is seen by
 * nobody: not by JSON, not by comparisons, not by TypeORM.
 */
class Note extends Given {
  #group: LoadGroup;

  constructor(entity: object, group: LoadGroup) {
    super(entity);
    this.#group = group;
  }

  static read(entity: object): LoadGroup | undefined {
    return #group in entity ? entity.#group : undefined;
  }

  static write(entity: object, group: LoadGroup): void {
    const noted = #group in entity ? entity : new Note(entity, group);
    noted.#group = group;
  }
}

/** Rows that one statement loaded: what one of them is asked for is loaded for all of them at once. */
export class LoadGroup {
  readonly rows: object[] = [];
  /** Relations that are being loaded. */
  readonly pending = new Map<RelationModel, Promise<void>>();

  constructor(
    readonly loader: Loader,
    /** Whether touching a relation that was not loaded is an error. */
    readonly strict: boolean,
  ) {}

  /** The group of a row that a query loaded. */
  static of(entity: object): LoadGroup | undefined {
    return Note.read(entity);
  }

  /** Adds a row and returns the group for the next one. */
  take(entity: object): LoadGroup {
    const group = this.rows.length < MOST ? this : new LoadGroup(this.loader, this.strict);
    group.rows.push(entity);
    Note.write(entity, group);
    return group;
  }
}
