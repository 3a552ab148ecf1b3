import { type Signer } from '#core';
import { type QuerySet } from '#orm';

import { type ParameterProblems } from '../filters/parameter-problems.js';
import { type ParameterDescription, type ParameterReader, type Parameters } from '../filters/parameters.js';
import { type JsonSchema } from '../openapi/json-schema.js';
import { type PageLinks, type RequestAddress } from './page-address.js';

/** Some rows of a list, and where the others are. */
export interface PageResult {
  readonly rows: readonly object[];
  /** How many rows the whole list has, as far as they were counted; undefined where they were not. */
  readonly count?: number;
  /** There when the list has more rows than were counted. */
  readonly countIsExact?: false;
  readonly links: PageLinks;
}

/** What a pagination has to know of the list that it cuts. */
export interface PageBinding {
  readonly signer: Signer;
  /** Names the list among all: the key of its viewset. */
  readonly list: string;
  /** Names of the parameters that decide which rows there are, and in which order. */
  readonly narrowing: ReadonlySet<string>;
  /** The order where no parameter asks for one. */
  readonly initial: readonly string[];
}

/** A way to cut lists into pages. `R` is what it reads from the parameters of a request. */
export abstract class Pagination<R = unknown> implements ParameterReader {
  abstract readonly parameters: readonly ParameterDescription[];
  /** The list that it cuts; null until it is bound to one. */
  protected readonly binding: PageBinding | null = null;

  /** Which page a request asks for. @throws BadParametersError unless the problems are collected */
  abstract read(given: Parameters, collected?: ParameterProblems): R;

  /** Reads that page. The order of the rows is made total by their keys. @throws NoSuchPageError, ForeignCursorError */
  abstract fetch(rows: QuerySet, request: R, address: RequestAddress): Promise<PageResult>;

  /** What is wrong with its options, for the checks. */
  problems(): readonly string[] {
    return [];
  }

  /** The same for one list; called once at boot. */
  bind(binding: PageBinding): this {
    const bound: object = Object.create(Object.getPrototypeOf(this) as object) as object;
    return Object.assign(bound, this, { binding });
  }

  /** The document of a page. */
  envelope({ count, countIsExact, links }: PageResult, results: readonly unknown[]): Readonly<Record<string, unknown>> {
    return {
      ...(count !== undefined && { count }),
      ...(countIsExact !== undefined && { countIsExact }),
      next: links.next ?? null,
      previous: links.prev ?? null,
      results,
    };
  }

  /** What such documents look like. */
  envelopeSchema(item: JsonSchema): JsonSchema {
    const link: JsonSchema = { type: ['string', 'null'], format: 'uri' };
    return {
      type: 'object',
      properties: { ...this.countSchema(), next: link, previous: link, results: { type: 'array', items: item } },
      required: [...this.counted(), 'next', 'previous', 'results'],
    };
  }

  /** Names of the members of its documents that tell how many rows there are. */
  protected counted(): readonly string[] {
    return [];
  }

  private countSchema(): Readonly<Record<string, JsonSchema>> {
    if (this.counted().length === 0) return {};
    return {
      count: { type: 'integer', minimum: 0, description: 'How many rows there are, as far as they were counted.' },
      countIsExact: { const: false, description: 'There when the list has more rows than were counted.' },
    };
  }
}
