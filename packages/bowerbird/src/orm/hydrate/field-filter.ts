import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { resolvePath } from '../query/model/resolve-path.js';
import { type FieldChoice } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';

/** Columns by the relations that lead to them, joined by dots; empty for the entity itself. */
type Places = Map<string, ReadonlySet<ColumnModel>>;

/** Which columns of the entities of a query are loaded. */
export class FieldFilter {
  private readonly only: Places | undefined;
  private readonly deferred: Places;

  /** @throws UnknownPathError, QueryUsageError */
  constructor(
    private readonly model: EntityModel,
    choice: FieldChoice | null,
    private readonly related: readonly string[],
  ) {
    this.only = choice?.only ? this.places(choice.only, new Map([['', new Set<ColumnModel>()]])) : undefined;
    this.deferred = this.places(choice?.deferred ?? [], new Map());
  }

  /** Whether a column of the entity at the end of some joins is loaded. Keys always are. */
  loads(hops: readonly RelationModel[], column: ColumnModel): boolean {
    if (column.metadata.isPrimary) return true;
    const place = placeOf(hops);
    const only = this.only?.get(place);
    return (!only || only.has(column)) && !this.deferred.get(place)?.has(column);
  }

  private places(paths: readonly string[], places: Places): Places {
    for (const path of paths) {
      const { hops, columns } = this.find(path);
      const place = placeOf(hops);
      if (place !== '' && !this.related.some((joined) => `${joined}.`.startsWith(`${place}.`)))
        throw this.notLoaded(path, place);
      places.set(place, new Set([...(places.get(place) ?? []), ...columns]));
    }
    return places;
  }

  /** The columns at a path; all of an embedded object at its own. */
  private find(path: string): { readonly hops: readonly RelationModel[]; readonly columns: readonly ColumnModel[] } {
    const embedded = [...this.model.columns.values()].filter((column) => column.path.startsWith(`${path}.`));
    if (embedded.length > 0 && !this.model.relation(path)) return { hops: [], columns: embedded };
    return resolvePath(this.model, path);
  }

  private notLoaded(path: string, place: string): QueryUsageError {
    return new QueryUsageError(`"${path}" of ${this.model.name} is not part of what the query loads`, {
      hint: `Add selectRelated('${place}'), or choose the fields of what is prefetched in a Prefetch`,
    });
  }
}

function placeOf(hops: readonly RelationModel[]): string {
  return hops.map(({ path }) => path).join('.');
}
