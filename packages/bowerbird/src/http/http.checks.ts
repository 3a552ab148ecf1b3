import { access, constants } from 'node:fs/promises';

import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { Check, CheckRule, error, findContributions, warning, type Finding } from '#core';

import { HttpConfig } from './http.options.js';
import { slotName } from './slots.js';
import {
  HttpMiddleware,
  HttpMiddlewareProvider,
  type HttpMiddlewareOptions,
} from './stack/http-middleware.decorator.js';
import { MiddlewareStack, type StackEntry } from './stack/middleware-stack.js';
import { StaticFiles } from './static/static-files.js';

/** What can be wrong with the request pipeline. */
@Check('http')
@Injectable()
export class HttpChecks {
  constructor(
    private readonly config: HttpConfig,
    private readonly stack: MiddlewareStack,
    private readonly files: StaticFiles,
    private readonly discovery: DiscoveryService,
  ) {}

  @CheckRule()
  *slotsAreTakenOnce(): Iterable<Finding> {
    const first = new Map<number, StackEntry>();
    for (const entry of this.stack.entries()) {
      const other = first.get(entry.slot);
      if (other)
        yield error('http.E003', `${other.name} and ${entry.name} both take slot ${describe(entry.slot)}`, {
          at: entry.name,
          hint: 'Give one of them a free number beside it',
        });
      else first.set(entry.slot, entry);
    }
  }

  @CheckRule()
  *prerequisitesComeFirst(): Iterable<Finding> {
    const taken = new Set(this.stack.entries().map(({ slot }) => slot));
    for (const entry of this.stack.entries())
      for (const slot of entry.requires.filter((slot) => !taken.has(slot) || slot >= entry.slot))
        yield error('http.E004', `${entry.name} needs slot ${describe(slot)} before its own ${describe(entry.slot)}`, {
          at: entry.name,
          hint: taken.has(slot) ? `Give it a slot above ${slot}` : `Turn on the area that fills slot ${describe(slot)}`,
        });
  }

  @CheckRule()
  *middlewareIsMiddleware(): Iterable<Finding> {
    for (const { instance, name } of findContributions<object, HttpMiddlewareOptions>(this.discovery, HttpMiddleware))
      if (!(instance instanceof HttpMiddlewareProvider))
        yield error('http.E005', `${name} is marked with @HttpMiddleware and does not extend HttpMiddlewareProvider`, {
          at: name,
          hint: 'Extend HttpMiddlewareProvider and return the handler from createHandler()',
        });
  }

  @CheckRule({ deploy: true })
  *hostsAreNamed(): Iterable<Finding> {
    if (this.config.allowedHosts.length === 0)
      yield error('http.E006', 'No host is allowed, so every request would be refused in production', {
        at: 'settings.http.allowedHosts',
        hint: 'Name the hosts that the application answers for: ["example.com"]',
      });
  }

  @CheckRule()
  async *staticDirectoriesExist(): AsyncIterable<Finding> {
    for (const source of this.files.directories())
      if (!(await source.exists()))
        yield error('http.E007', `The static directory "${source.directory}" does not exist`, {
          hint: 'Create it, or remove it from settings.http.static.directories',
        });
  }

  @CheckRule()
  async *uploadsHaveAPlace(): AsyncIterable<Finding> {
    const directory = this.config.limits.temporaryDirectory;
    const writable = await access(directory, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!writable)
      yield error('http.E008', `The directory "${directory}" for uploads does not exist or is not writable`, {
        at: 'settings.http.limits.temporaryDirectory',
        hint: 'Create it, or name one that the process may write to',
      });
  }

  @CheckRule({ deploy: true })
  *hostsAreNotOpen(): Iterable<Finding> {
    if (this.config.allowedHosts.includes('*'))
      yield warning('http.W001', 'Every host is allowed, so forged Host headers reach links and caches', {
        at: 'settings.http.allowedHosts',
        hint: 'Name the hosts instead of "*"',
      });
  }

  @CheckRule({ deploy: true })
  *proxiesAreNotEverybody(): Iterable<Finding> {
    for (const range of this.config.trustedProxies.filter((range) => range.endsWith('/0')))
      yield warning('http.W002', `Every address of ${range} is a trusted proxy, so clients can forge their own`, {
        at: 'settings.http.trustedProxies',
        hint: 'Name the addresses of your proxies alone',
      });
  }

  @CheckRule({ deploy: true })
  async *stylesheetsFindTheirFiles(): AsyncIterable<Finding> {
    const { dangling } = await this.files.buildManifest();
    for (const { stylesheet, name } of dangling)
      yield warning('http.W003', `The stylesheet "${stylesheet}" refers to "${name}", which does not exist`, {
        at: stylesheet,
        hint: 'Add the file, or remove the reference',
      });
  }

  @CheckRule({ deploy: true })
  *bodiesAreModest(): Iterable<Finding> {
    const { bodyBytes } = this.config.limits;
    if (bodyBytes > MODEST)
      yield warning('http.W004', `Bodies of up to ${bodyBytes} bytes are read into memory`, {
        at: 'settings.http.limits.bodyBytes',
        hint: 'Send large content as multipart files, which are streamed to disk',
      });
  }
}

const MODEST = 16 * 1024 * 1024;

function describe(slot: number): string {
  const name = slotName(slot);
  return name === undefined ? String(slot) : `${name} (${slot})`;
}
