import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird';

import { RunsModule } from './worker-app.js';

// A worker in a process of its own: node worker-process.ts <database url>
const [database] = process.argv.slice(2) as [string];

const off = { admin: false, api: false, audit: false, auth: false, cache: false, sessions: false } as const;

@Module({
  imports: [
    FrameworkModule.forRoot({
      ...off,
      secretKey: 'x'.repeat(60),
      production: false,
      security: false,
      database,
      apps: [RunsModule],
      jobs: { lease: '1s', pollInterval: '20ms', concurrency: 2 },
    }),
  ],
})
class WorkerModule {}

await manage(WorkerModule, { argv: ['work'] });
