import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird/framework';
import { App } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

// A process of its own that manages: node shell-process.ts <database url> <verb> …
const [url, ...argv] = process.argv.slice(2) as [string, ...string[]];

@Entity()
class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'varchar', length: 40 }) text: string;
}

@App({ name: 'notes', entities: [Note], migrations: false })
@Module({})
class NotesModule {}

const settings = { secretKey: 'test-'.repeat(12), production: false, apps: [NotesModule], database: url };

@Module({ imports: [FrameworkModule.forRoot(settings)] })
class AppModule {}

await manage(AppModule, { argv });
