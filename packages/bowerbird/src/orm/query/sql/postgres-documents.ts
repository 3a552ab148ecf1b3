import { QueryUsageError } from '../query.errors.js';
import { isSameWritten, type WrittenConfig } from '../search/search-config.js';
import { type RankOptions, type SearchDocument, type SearchPart } from '../search/search-document.js';
import { type WrittenQuery } from '../search/search-query.js';
import { weightsOf } from '../search/search-weights.js';
import { join, raw, sql, type Sql } from './sql.js';
import { asksForWeights, tsqueryOf } from './tsquery.js';

/** All of PostgreSQL's flags for the length of a text. */
const EVERY_FLAG = 63;

/** Texts that PostgreSQL takes apart by its own configurations. */
export class ConfiguredDocument implements SearchDocument {
  constructor(private readonly parts: readonly SearchPart[]) {}

  /** With the weights of its parts. */
  get value(): Sql {
    return vectorOf(this.parts, (one, other) => isSameWritten(one.config, other.config) && one.weight === other.weight);
  }

  matches(query: WrittenQuery): Sql {
    // Weights say nothing of whether it matches, and an index over all fields has none.
    const vector = asksForWeights(query.node)
      ? this.value
      : vectorOf(this.bare, (one, other) => isSameWritten(one.config, other.config));
    return sql`(${vector} @@ ${this.tsquery(query)})`;
  }

  rank(query: WrittenQuery, options: RankOptions): Sql {
    return rankOf(this.matches(query), this.value, this.tsquery(query), options);
  }

  private get bare(): readonly SearchPart[] {
    return this.parts.map((part) => ({ ...part, weight: undefined }));
  }

  private tsquery({ node, config }: WrittenQuery): Sql {
    return tsqueryOf(node, config ?? this.parts[0]!.config!);
  }
}

/** A column that holds a vector. */
export class StoredDocument implements SearchDocument {
  constructor(readonly value: Sql) {}

  matches(query: WrittenQuery): Sql {
    return sql`(${this.value} @@ ${tsqueryOf(query.node, configOf(query))})`;
  }

  rank(query: WrittenQuery, options: RankOptions): Sql {
    return rankOf(this.matches(query), this.value, tsqueryOf(query.node, configOf(query)), options);
  }
}

/** @throws QueryUsageError where the query does not say how the vector was made */
function configOf({ config }: WrittenQuery): WrittenConfig {
  if (config !== undefined) return config;
  throw new QueryUsageError('A stored vector is searched with the configuration that made it', {
    hint: "Name it: SearchQuery('quick fox', { config: 'english' })",
  });
}

/** PostgreSQL ranks rows that do not match as well, above 0. */
function rankOf(matches: Sql, vector: Sql, query: Sql, options: RankOptions): Sql {
  const { coverDensity = false, normalization = 0 } = options;
  if (!Number.isInteger(normalization) || normalization < 0 || normalization > EVERY_FLAG)
    throw new QueryUsageError(`normalization is a sum of 1, 2, 4, 8, 16 and 32, got ${normalization}`);
  const { A, B, C, D } = weightsOf(options.weights);
  const name = raw(coverDensity ? 'TS_RANK_CD' : 'TS_RANK');
  const weights = raw(`ARRAY[${[D, C, B, A].join(', ')}]::float4[]`);
  const rank = sql`${name}(${weights}, ${vector}, ${query}, ${raw(String(normalization))})`;
  return sql`CASE WHEN ${matches} THEN GREATEST(${rank}::float8, 1E-20) ELSE 0 END`;
}

type Alike = (one: SearchPart, other: SearchPart) => boolean;

/** The vector of texts; neighbors that are alike are one text. */
function vectorOf(parts: readonly SearchPart[], alike: Alike): Sql {
  const runs: SearchPart[][] = [];
  for (const part of parts) {
    const run = runs.at(-1);
    if (run && alike(run[0]!, part)) run.push(part);
    else runs.push([part]);
  }
  const vectors = runs.map(runVector);
  return vectors.length === 1 ? vectors[0]! : sql`(${join(vectors, ' || ')})`;
}

function runVector(parts: readonly SearchPart[]): Sql {
  const { config, weight } = parts[0]!;
  const text = join(
    parts.map((part) => part.text),
    " || ' ' || ",
  );
  const vector = sql`to_tsvector(${config!.sql}, ${text})`;
  return weight ? sql`SETWEIGHT(${vector}, '${raw(weight)}')` : vector;
}
