import { Computed, ModelSerializer, Serializer } from 'bowerbird/api';

import { Task } from './task.entity.js';

/** What clients see of a task, and what they may set. */
@Serializer(Task, { fields: ['id', 'title', 'due', 'done', 'words', 'createdAt'], readOnly: ['createdAt'] })
export class TaskSerializer extends ModelSerializer<Task> {
  @Computed({ type: 'integer', needs: ['title'] })
  words({ title }: Task): number {
    return title.split(/\s+/).length;
  }
}
