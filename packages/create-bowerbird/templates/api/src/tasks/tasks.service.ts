import { Injectable } from '@nestjs/common';
import { formClassFor, type EntityForm } from 'bowerbird/forms';
import { NotFoundError, UnprocessableError } from 'bowerbird/http';
import { Database } from 'bowerbird/orm';

import { Task } from './task.entity.js';

/** Tasks that one answer has at most. */
const MOST = 100;

/** What clients see and do of tasks. */
@Injectable()
export class Tasks {
  private readonly form = formClassFor(this.database.describe(Task), {
    // What is not named here cannot be set by clients.
    fields: ['title', 'due', 'done'],
  });

  constructor(private readonly database: Database) {}

  list(done?: boolean): Promise<Task[]> {
    const tasks = this.database.objects(Task);
    return (done === undefined ? tasks : tasks.filter({ done })).slice(0, MOST).all();
  }

  /** @throws NotFoundError */
  async find(id: number): Promise<Task> {
    const task = await this.database.objects(Task).filter({ id }).first();
    if (!task) throw new NotFoundError(`There is no task ${id}`);
    return task;
  }

  /** @throws UnprocessableError with what is wrong of each field */
  create(data: Record<string, unknown>): Promise<Task> {
    return this.save(new this.form({ data }));
  }

  /** Fields that are not given keep their values. @throws NotFoundError, UnprocessableError */
  async change(id: number, data: Record<string, unknown>): Promise<Task> {
    return this.save(new this.form({ instance: await this.find(id), data, partial: true }));
  }

  /** @throws NotFoundError */
  async remove(id: number): Promise<void> {
    await this.database.remove(await this.find(id));
  }

  private async save(form: EntityForm<Task>): Promise<Task> {
    const task = await form.trySave();
    if (task) return task;
    throw new UnprocessableError('The task is not valid', { errors: form.errors.messages() });
  }
}
