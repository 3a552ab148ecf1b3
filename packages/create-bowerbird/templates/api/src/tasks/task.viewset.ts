import { Action, Instance, ModelViewSet, ViewSet } from 'bowerbird/api';
import { Database } from 'bowerbird/orm';

import { Task } from './task.entity.js';
import { TaskSerializer } from './task.serializer.js';

/**
 * `/api/tasks`. Everybody reads; writing needs a permission of the entity, such as `tasks.add_task`. What is not
 * declared cannot be asked for.
 */
@ViewSet(Task, {
  path: 'tasks',
  serializer: TaskSerializer,
  filters: ['done', 'due'],
  search: ['title'],
  ordering: ['title', 'due', 'createdAt'],
  access: { read: 'public' },
})
export class TaskViewSet extends ModelViewSet<Task> {
  constructor(private readonly database: Database) {
    super();
  }

  /** `POST /api/tasks/7/finish` */
  @Action({ detail: true, method: 'post', access: { permissions: ['tasks.change_task'] } })
  finish(@Instance() task: Task): Promise<Task> {
    return this.database.save(Object.assign(task, { done: true }));
  }
}
