import { type ColumnModel } from '../model/entity-model.js';
import { type Sql } from '../sql/sql.js';
import { type WrittenConfig } from './search-config.js';
import { type WrittenQuery } from './search-query.js';

/** How much a part of a text counts: `A` the most, `D` the least. */
export type SearchWeight = 'A' | 'B' | 'C' | 'D';

/** What each weight comes to. */
export type SearchWeights = Readonly<Record<SearchWeight, number>>;

/** How ranks are worked out. */
export interface RankOptions {
  /** What weights come to; `{ A: 1, B: 0.4, C: 0.2, D: 0.1 }` unless told. */
  readonly weights?: Partial<SearchWeights>;
  /** Vectors with a config: how the length of a text counts, as the sum of PostgreSQL's flags (0, 1, 2, 4, 8, 16, 32). */
  readonly normalization?: number;
  /** Vectors with a config: rank by how near to each other the words stand (`ts_rank_cd`). */
  readonly coverDensity?: boolean;
}

/** A text in which is searched. */
export interface SearchPart {
  /** The text, never NULL. */
  readonly text: Sql;
  readonly weight: SearchWeight | undefined;
  /** PostgreSQL's configuration for it; undefined for words as the framework knows them. */
  readonly config: WrittenConfig | undefined;
  /** The column that it is, with its name in the statement. */
  readonly column: { readonly model: ColumnModel; readonly sql: Sql } | undefined;
}

/** What is searched in, compiled into a statement. */
export interface SearchDocument {
  /** Its value where it is selected or stored. */
  readonly value: Sql;
  /** Whether it matches; NULL only where a stored vector is. */
  matches(query: WrittenQuery): Sql;
  /** How well it matches: above 0 exactly where it does. */
  rank(query: WrittenQuery, options: RankOptions): Sql;
}
