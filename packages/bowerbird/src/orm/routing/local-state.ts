import { type EntityState } from '../migrations/state/entity-state.js';
import { type ProjectState } from '../migrations/state/project-state.js';
import { type Placement } from './placement.js';

/**
 * The history as one database sees it. Entities that routers place elsewhere are known there, so that every migration
 * can be followed, but their tables are not made.
 */
export class LocalState {
  private readonly known = new WeakMap<EntityState, EntityState>();

  constructor(
    private readonly placement: Placement,
    private readonly alias: string,
  ) {}

  /** A state in which only the tables of this database are managed. */
  of(state: ProjectState): ProjectState {
    return this.placement.isRouted ? state.map((entity) => this.ofEntity(entity)) : state;
  }

  /** Whether SQL and code of an app's migrations is run here. */
  runsCodeOf(app: string): boolean {
    return !this.placement.isRouted || this.placement.mainOfApp(app) === this.alias;
  }

  private ofEntity(entity: EntityState): EntityState {
    if (this.placement.migrates(this.alias, entity)) return entity;
    const known = this.known.get(entity) ?? { ...entity, managed: false };
    this.known.set(entity, known);
    return known;
  }
}
