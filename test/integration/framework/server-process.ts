import 'reflect-metadata';

import { AtlasModule } from '@bowerbird/atlas';
import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird';
import { authDrivers } from 'bowerbird/auth';

// An application in a process of its own: node server-process.ts <database url> <secret key> <port> [verb …]; it serves without a verb.
const [database, secretKey, port, ...argv] = process.argv.slice(2) as [string, string, string];

@Module({
  imports: [
    FrameworkModule.forRoot({
      secretKey,
      production: true,
      database,
      apps: [AtlasModule],
      auth: { hashers: [authDrivers.scrypt({ ln: 10, p: 1 })] },
      sessions: { cookie: { secure: false } },
      http: { host: '127.0.0.1', port: Number(port), allowedHosts: ['127.0.0.1'] },
    }),
  ],
})
class ServerModule {}

await manage(ServerModule, { argv });
