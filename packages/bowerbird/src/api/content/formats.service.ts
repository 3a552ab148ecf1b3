import { Injectable } from '@nestjs/common';

import { type HttpRequest } from '#http';

import { NotAcceptableError } from '../api.errors.js';
import { ParameterProblems } from '../filters/parameter-problems.js';
import { onlyText, readParameters, type ParameterReader } from '../filters/parameters.js';
import { type ActionDescription } from '../viewset/viewset-description.js';
import { type ApiFormat } from './api-format.js';
import { CsvFormat } from './csv.format.js';
import { FORMAT, FormatParameter } from './format-parameter.js';
import { JsonFormat } from './json.format.js';
import { JsonApiFormat } from './jsonapi/json-api.format.js';
import { NdjsonFormat } from './ndjson.format.js';
import { bestFormat } from './negotiation.js';

/** What decides about the formats of an action. */
export type FormatsOf = Pick<ActionDescription, 'standard' | 'exported' | 'serializer' | 'status'>;

/** What an action can answer in, and how that is asked for. */
interface Offer {
  readonly formats: readonly ApiFormat[];
  readonly reader: ParameterReader;
}

/** The formats in which documents can be written, the preferred one first. */
@Injectable()
export class Formats {
  private readonly all: readonly ApiFormat[];
  private readonly paged: readonly ApiFormat[];
  private readonly known = new WeakMap<FormatsOf, Offer>();

  constructor(json: JsonFormat, jsonApi: JsonApiFormat, csv: CsvFormat, ndjson: NdjsonFormat) {
    this.all = Object.freeze([json, jsonApi, csv, ndjson]);
    this.paged = Object.freeze(this.all.filter(({ streams }) => !streams));
  }

  /** Those that an action can answer in; whole lists are for `list` alone, where the viewset gives them away. */
  for(action: FormatsOf): readonly ApiFormat[] {
    return this.offer(action).formats;
  }

  /** The parameters that choose among them: those of lists alone. */
  readerFor(action: FormatsOf): ParameterReader {
    return this.offer(action).reader;
  }

  /** The one that suits the client best. @throws NotAcceptableError, BadParametersError for a format that there is not */
  choose(request: HttpRequest, action: FormatsOf): ApiFormat {
    const offered = this.for(action);
    const named = action.standard === 'list' ? formatNamed(request, offered) : undefined;
    const format = named ?? bestFormat(request.headers.accept, offered);
    // What has no body suits everybody.
    if (!format && action.status === 204) return offered[0]!;
    if (!format) throw new NotAcceptableError(offered.map(({ mediaType }) => mediaType));
    return format;
  }

  private offer(action: FormatsOf): Offer {
    const known = this.known.get(action);
    if (known) return known;
    const formats = (action.exported ? this.all : this.paged).filter((format) => format.writes(action));
    const offer = { formats, reader: action.standard === 'list' ? new FormatParameter(formats) : NO_PARAMETERS };
    this.known.set(action, offer);
    return offer;
  }
}

const NO_PARAMETERS: ParameterReader = Object.freeze({ parameters: [] });

function formatNamed(request: HttpRequest, offered: readonly ApiFormat[]): ApiFormat | undefined {
  const given = readParameters(request);
  return ParameterProblems.collect(undefined, (problems) => {
    const name = onlyText(given, FORMAT, problems);
    const format = offered.find((one) => one.name === name);
    if (name !== undefined && !format) problems.add(FORMAT, `There are: ${offered.map((one) => one.name).join(', ')}.`);
    return format;
  });
}
