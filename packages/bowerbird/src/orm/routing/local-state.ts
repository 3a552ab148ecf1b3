import { type OperationPlace } from '../migrations/operations/operation.js';
import { type EntityState } from '../migrations/state/entity-state.js';
import { type ProjectState } from '../migrations/state/project-state.js';
import { type Placement } from './placement.js';

/**
 * The history as one database sees it. Entities that are placed elsewhere are known there, so that every migration can be
 * followed, but their tables are not made.
 */
export class LocalState {
  private readonly known = new WeakMap<EntityState, EntityState>();

  constructor(
    private readonly placement: Placement,
    private readonly alias: string,
  ) {}

  /** Whether something of the history may be in another database. */
  get isPartial(): boolean {
    return this.placement.isRouted || this.placement.isSplit;
  }

  /** A state in which only the tables of this database are managed. */
  of(state: ProjectState): ProjectState {
    return this.isPartial ? state.map((entity) => this.ofEntity(entity)) : state;
  }

  /** What the database has of an operation; undefined for SQL, code and schemas of an app whose database is another. */
  place(place: OperationPlace): OperationPlace | undefined {
    const { app, before, after } = place;
    if (before === after && !this.runsCodeOf(app)) return undefined;
    if (before !== after && before.entities === after.entities && !this.makesTablesOf(app)) return undefined;
    return { ...place, before: this.of(before), after: this.of(after) };
  }

  /** Whether SQL and code of an app's migrations is run here. */
  private runsCodeOf(app: string): boolean {
    return !this.isPartial || this.placement.mainOfApp(app) === this.alias;
  }

  /** Whether tables of an app are made here, so that they need their schemas. */
  private makesTablesOf(app: string): boolean {
    return !this.isPartial || this.placement.makesTablesOf(this.alias, app);
  }

  private ofEntity(entity: EntityState): EntityState {
    if (this.placement.migrates(this.alias, entity)) return entity;
    const known = this.known.get(entity) ?? { ...entity, managed: false };
    this.known.set(entity, known);
    return known;
  }
}
