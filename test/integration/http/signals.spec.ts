import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { Controller, Get, Injectable, NotFoundException } from '@nestjs/common';
import { contextValue, OnSignal, REQUEST_ID, SignalHub } from 'bowerbird/core';
import {
  requestFailed,
  requestFinished,
  requestStarted,
  type RequestFailedEvent,
  type RequestFinishedEvent,
  type RequestStartedEvent,
} from 'bowerbird/http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { HttpApp } from './http-app.js';

@Controller()
class Pages {
  @Get('fine') fine(): string {
    return 'fine';
  }
  @Get('missing') missing(): never {
    throw new NotFoundException();
  }
  @Get('broken') broken(): never {
    throw new Error('out of order');
  }
  @Get('slow') async slow(): Promise<string> {
    await sleep(300);
    return 'late';
  }
}

@Injectable()
class Heard {
  readonly all: string[] = [];

  @OnSignal(requestStarted)
  async started({ request }: RequestStartedEvent): Promise<void> {
    await Promise.resolve();
    this.all.push(`started ${request.path} ${contextValue(REQUEST_ID) !== undefined}`);
  }

  @OnSignal(requestFailed)
  failed({ request, error }: RequestFailedEvent): void {
    this.all.push(`failed ${request.path} ${(error as Error).message}`);
  }

  @OnSignal(requestFinished)
  finished({ request, status, complete, duration }: RequestFinishedEvent): void {
    this.all.push(
      `finished ${request.path} ${status} ${complete} ${duration >= 0} ${contextValue(REQUEST_ID) !== undefined}`,
    );
    if (request.path === '/fine') throw new Error('nobody minds');
  }
}

describe('signals of requests', () => {
  let app: HttpApp;
  let heard: string[];
  beforeAll(async () => {
    app = await HttpApp.start({ controllers: [Pages], providers: [Heard] });
    heard = app.get(Heard).all;
  });
  afterAll(() => app.stop());
  beforeEach(() => {
    heard.length = 0;
  });
  const settled = async (): Promise<string[]> => {
    while (!heard.some((text) => text.startsWith('finished'))) await sleep(5);
    return heard;
  };

  it('tell that one begins and ends', async () => {
    expect((await app.fetch('/fine')).status).toBe(200);
    expect(await settled()).toEqual(['started /fine true', 'finished /fine 200 true true true']);
  });

  it('tell once of an error of the application, and not of what visitors do', async () => {
    expect((await app.fetch('/broken')).status).toBe(500);
    expect(await settled()).toEqual([
      'started /broken true',
      'failed /broken out of order',
      'finished /broken 500 true true true',
    ]);
    heard.length = 0;
    expect((await app.fetch('/missing')).status).toBe(404);
    expect(await settled()).toEqual(['started /missing true', 'finished /missing 404 true true true']);
  });

  it('tell of a client that has gone', async () => {
    const socket = connect(app.port, '127.0.0.1', () => socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    while (heard.length === 0) await sleep(5);
    socket.destroy();
    expect((await settled()).at(-1)).toContain('finished /slow 200 false');
  });

  it('answer a request with the error of a receiver', async () => {
    const connection = app.get(SignalHub).connect(requestStarted, null, () => {
      throw new Error('closed today');
    });
    expect((await app.fetch('/fine')).status).toBe(500);
    connection.disconnect();
    await settled();
    expect((await app.fetch('/fine')).status).toBe(200);
  });
});
