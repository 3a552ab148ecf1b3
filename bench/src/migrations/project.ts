import 'reflect-metadata';

import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandIo, SettingsProblems, type Class } from 'bowerbird/core';
import { App, OrmModule, resolveOrm } from 'bowerbird/orm';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';

/** How large the project is. */
export const APPS = 20;
export const ENTITIES_PER_APP = 10;
/** Each version of the project adds fields, so that every app has as many migrations. */
export const VERSIONS = 5;

const FIRST_FIELDS = 8;

/** A program with all entities of a version, whose migrations are below a folder. */
export async function openProject(
  folder: URL,
  database: string,
  version: number = VERSIONS,
): Promise<INestApplicationContext> {
  const apps = Array.from({ length: APPS }, (_, index) => appOf(index, folder, version));
  const config = resolveOrm({ apps, database }, new SettingsProblems(), { root: folder });
  class ProjectModule {}
  Module({ imports: [OrmModule.forRoot(config), ...apps] })(ProjectModule);
  return NestFactory.createApplicationContext(ProjectModule, { logger: ['error'] });
}

/** The name of an app, and of its folder. */
export function appName(index: number): string {
  return `app${index}`;
}

function appOf(index: number, folder: URL, version: number): Class {
  const name = appName(index);
  const entities: Class[] = [];
  for (let position = 0; position < ENTITIES_PER_APP; position += 1) {
    entities.push(entityOf(`${name}_thing${position}`, entities.at(-1), version));
  }
  const module = class {};
  Module({})(module);
  App({ name, entities, migrations: new URL(`${name}/`, folder) })(module);
  return module;
}

function entityOf(table: string, parent: Class | undefined, version: number): Class {
  const entity = { [table]: class {} }[table] as Class;
  const target = entity.prototype as object;
  PrimaryGeneratedColumn()(target, 'id');
  for (let field = 0; field < FIRST_FIELDS + version; field += 1) {
    Column({ type: 'varchar', length: 100, default: '' })(target, `field${field}`);
  }
  if (parent) ManyToOne(() => parent, { nullable: true })(target, 'parent');
  Entity({ name: table })(entity);
  return entity;
}

/** A terminal at which nobody sits, and that keeps what is printed. */
export class SilentIo extends CommandIo {
  readonly lines: string[] = [];
  readonly interactive = false;

  out(line: string): void {
    this.lines.push(line);
  }

  err(line: string): void {
    this.lines.push(line);
  }

  ask(question: string): Promise<string> {
    return Promise.reject(new Error(question));
  }

  progress(): void {}
}
