import { Injectable } from '@nestjs/common';

import { keyText } from '#forms';
import { Reply, type ReplyHeaders } from '#http';
import { type EntityKey, type QuerySet } from '#orm';

import { addressWithParameters, readParameters } from '../filters/parameters.js';
import { linkHeader } from '../pagination/page-address.js';
import { type PageResult } from '../pagination/pagination.js';
import { type Document } from '../serializer/row-writer.js';
import { WHOLE } from '../serializer/selection.js';
import { ApiVersions } from '../versions/api-versions.service.js';
import { type AnswerCall } from '../viewset/actions/action-call.js';
import { HAS_QUERY, QUERY_TYPES } from '../viewset/query-method.js';
import { type ViewSetDescription } from '../viewset/viewset-description.js';
import { type ApiFormat, type StreamFormat, type WrittenOf } from './api-format.js';
import { entityTag, matchesTag } from './entity-tag.js';
import { Formats } from './formats.service.js';
import { ListStreams } from './list-streams.service.js';

/** Makes answers of documents in the format that the client wants. */
@Injectable()
export class Answers {
  constructor(
    private readonly formats: Formats,
    private readonly versions: ApiVersions,
    private readonly streams: ListStreams,
  ) {}

  /** The format that suits the client best. @throws NotAcceptableError */
  formatFor(call: Pick<AnswerCall, 'request' | 'action'>): ApiFormat {
    return this.formats.choose(call.request, call.action);
  }

  /** One row, with its entity tag; 304 where the client has it already, 204 where it wants none. */
  document(call: AnswerCall, format: ApiFormat, document: Document, status = 200): Reply {
    const text = format.document(document, this.written(call));
    // Tags are those of the plain document in every format, so that a change may follow a reading in another one.
    const tag = this.tagOf(call, format.name === 'json' ? text : JSON.stringify(document));
    const headers = { ...common(call), ETag: tag };
    if (wantsNothing(call)) return Reply.empty(204, { ...headers, 'Preference-Applied': 'return=minimal' });
    const known = call.request.get('if-none-match');
    if (
      call.action.name === 'retrieve' &&
      known !== undefined &&
      matchesTag(known, tag.replace(/^W\//, ''), { weak: true })
    )
      return Reply.empty(304, headers);
    return body(format, text, headers, status);
  }

  /** A row that was made, and where it is. */
  created(call: AnswerCall, format: ApiFormat, document: Document): Reply {
    const location = this.locationOf(call, document);
    return this.document(call, format, document, 201).with(location === null ? {} : { Location: location });
  }

  /** Several rows that are no page. */
  documents(call: AnswerCall, format: ApiFormat, documents: readonly Document[], status = 200): Reply {
    if (wantsNothing(call)) return Reply.empty(204, { ...common(call), 'Preference-Applied': 'return=minimal' });
    return body(format, format.documents(documents, this.written(call)), common(call), status);
  }

  /** One page of a list. */
  list(call: AnswerCall, format: ApiFormat, page: PageResult, documents: readonly Document[]): Reply {
    const link = linkHeader(page.links);
    const headers = { ...common(call), ...(link !== undefined && { Link: link }) };
    return body(format, format.page(page, documents, this.written(call)), headers, 200);
  }

  /** All rows of a list, written as they are read. */
  async stream(call: AnswerCall, format: StreamFormat, rows: QuerySet): Promise<Reply> {
    const of = this.written(call);
    const file = format.extension === null ? undefined : `${of.exported?.fileName}.${format.extension}`;
    const headers = {
      ...common(call),
      'Content-Type': format.contentType,
      ...(file !== undefined && { 'Content-Disposition': `attachment; filename="${file}"` }),
    };
    return Reply.stream(await this.streams.open(rows, call, format, of), headers);
  }

  /** Strong for whole documents; what a selection shows is not what a change is made to. */
  private tagOf({ selection }: AnswerCall, plain: string): string {
    const tag = entityTag(plain);
    return selection.key === WHOLE.key ? tag : `W/${tag}`;
  }

  private written(call: AnswerCall): WrittenOf {
    const { action, selection, request, description } = call;
    const { serializer, exported } = action;
    const addressOf = (document: Document): string | null => this.locationOf(call, document);
    const given = readParameters(request);
    const { pagination } = description;
    const { originalUrl: url } = addressWithParameters(request);
    return { serializer, selection, pagination, exported, given, addressOf, url };
  }

  private locationOf({ description }: AnswerCall, document: Document): string | null {
    const key = keyIn(document, description);
    if (key === undefined) return null;
    return `${this.versions.pathOf(description)}/${encodeURIComponent(keyText(key))}${this.versions.ending()}`;
  }
}

/** What an address names a row by, when its document shows it. */
function keyIn(document: Document, { entity, lookup }: ViewSetDescription): EntityKey | undefined {
  const names = lookup === null ? entity.primaryKey : [lookup];
  const values = names.map((name) => document[name]);
  if (!values.every((value) => typeof value === 'string' || typeof value === 'number')) return undefined;
  if (names.length === 1) return String(values[0]);
  return Object.fromEntries(names.map((name, index) => [name, String(values[index])]));
}

/** Answers differ by who asks and for what; what is private is never kept by caches that others use. */
function common({ action }: AnswerCall): ReplyHeaders {
  return {
    Vary: 'Accept, Cookie',
    'Cache-Control': action.access === 'public' ? 'no-cache' : 'private, no-cache',
    ...(action.standard === 'list' && HAS_QUERY && { 'Accept-Query': QUERY_TYPES.join(', ') }),
  };
}

/** Whether a client that writes wants no body back (RFC 7240). */
function wantsNothing({ request, action }: AnswerCall): boolean {
  return action.does !== 'view' && /(^|[,;\s])return\s*=\s*"?minimal"?/i.test(request.get('prefer') ?? '');
}

function body(format: ApiFormat, text: string, headers: ReplyHeaders, status: number): Reply {
  return Reply.text(text, { status, headers: { ...headers, 'Content-Type': format.contentType } });
}
