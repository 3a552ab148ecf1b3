import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird';

// An application of somebody who has a database and no entities: node inspectdb-process.ts <own database> <old database> <verb> …
const [database, old, ...argv] = process.argv.slice(2) as [string, string];

@Module({
  imports: [
    FrameworkModule.forRoot({
      secretKey: 'inspectdb-'.repeat(5),
      database,
      databases: { old: { url: old } },
      apps: [],
    }),
  ],
})
class EmptyModule {}

await manage(EmptyModule, { argv });
