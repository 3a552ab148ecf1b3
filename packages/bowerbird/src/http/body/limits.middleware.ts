import { isUtf8 } from 'node:buffer';
import { type IncomingMessage } from 'node:http';

import { Injectable } from '@nestjs/common';

import { type HttpHandler, type HttpRequest, type HttpResponse } from '../http-request.js';
import { BadRequestError, LengthRequiredError, MalformedBodyError, UnsupportedMediaTypeError } from '../http.errors.js';
import { HttpConfig, type Limits } from '../http.options.js';
import { Slot } from '../slots.js';
import { HttpMiddleware, HttpMiddlewareProvider } from '../stack/http-middleware.decorator.js';
import { ClientGone, drain, readBytes, tooLarge } from './body-source.js';
import { parseContentType, type ContentType } from './content-type.js';
import { ExpectContinue } from './expect-continue.js';
import { attachForm } from './form-values.js';
import { parseJson } from './json-body.js';
import { readMultipart } from './multipart-body.js';
import { parseUrlencoded } from './urlencoded-body.js';

type BodyReader = (request: HttpRequest, response: HttpResponse, type: ContentType) => Promise<void>;

/** Reads JSON and form bodies within limits, and refuses what is too large before it is sent. */
@HttpMiddleware({ slot: Slot.Limits, requires: [Slot.Context] })
@Injectable()
export class LimitsMiddleware extends HttpMiddlewareProvider {
  private readonly limits: Limits;

  constructor(
    config: HttpConfig,
    private readonly expect: ExpectContinue,
  ) {
    super();
    this.limits = config.limits;
  }

  createHandler(): HttpHandler {
    return (request, response, next) => {
      if (request.url.includes('%00')) return next(new BadRequestError('The address holds a NUL character'));
      return hasBody(request) && !alreadyRead(request) ? this.admit(request, response, next) : next();
    };
  }

  private async admit(request: HttpRequest, response: HttpResponse, next: (error?: unknown) => void): Promise<void> {
    try {
      await this.read(request, response);
    } catch (error) {
      return this.refuse(error, request, response, next);
    }
    next();
  }

  private read(request: HttpRequest, response: HttpResponse): Promise<void> | undefined {
    const type = parseContentType(request.headers['content-type']);
    const reader = this.readerFor(type.type);
    const limit = type.type === MULTIPART ? this.limits.multipartBytes : this.limits.bodyBytes;
    const length = request.headers['content-length'];
    if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
    if (reader === undefined && length === undefined)
      throw new LengthRequiredError('A body of this type needs a Content-Length');
    if (reader) requireIdentity(request);
    this.expect.proceed(request, response);
    return reader?.(request, response, type);
  }

  private readerFor(type: string): BodyReader | undefined {
    if (type === 'application/x-www-form-urlencoded') return this.readUrlencoded;
    if (type === MULTIPART) return this.readMultipart;
    return type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type) ? this.readJson : undefined;
  }

  private readonly readJson: BodyReader = async (request, _response, type) => {
    const text = await this.readText(request, type);
    if (text !== '') request.body = parseJson(text, this.limits.jsonDepth);
  };

  private readonly readUrlencoded: BodyReader = async (request, _response, type) => {
    attachForm(request, parseUrlencoded(await this.readText(request, type), this.limits));
  };

  private readonly readMultipart: BodyReader = async (request, response) => {
    const { values, files } = await readMultipart(request, response, this.limits);
    attachForm(request, values);
    request.files = files;
  };

  private async readText(request: HttpRequest, { charset }: ContentType): Promise<string> {
    if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
      throw new UnsupportedMediaTypeError(`The charset "${charset}" is not supported; send UTF-8`);
    const bytes = await readBytes(request as unknown as IncomingMessage, this.limits.bodyBytes);
    request.rawBody = bytes;
    if (!isUtf8(bytes)) throw new MalformedBodyError('The body is not valid UTF-8');
    return bytes.toString('utf8', startsWithMark(bytes) ? 3 : 0);
  }

  private refuse(error: unknown, request: HttpRequest, response: HttpResponse, next: (error: unknown) => void): void {
    if (error instanceof ClientGone) return;
    if (this.expect.isWaiting(request)) response.setHeader('Connection', 'close');
    else drain(request as unknown as IncomingMessage);
    next(error);
  }
}

const MULTIPART = 'multipart/form-data';

/** A byte order mark, which says nothing in UTF-8 (RFC 8259, section 8.1). */
function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function hasBody({ headers }: HttpRequest): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  );
}

/** A parser of the host application was mounted even earlier. */
function alreadyRead(request: HttpRequest): boolean {
  return (request as unknown as IncomingMessage).readableEnded;
}

/** A compressed body could grow without limit. */
function requireIdentity({ headers }: HttpRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new UnsupportedMediaTypeError(`The content encoding "${encoding}" is not supported; send the body as it is`);
}
