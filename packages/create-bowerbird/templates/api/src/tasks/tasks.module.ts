import { Module } from '@nestjs/common';
import { App } from 'bowerbird';

import { RootController } from './root.controller.js';
import { Task } from './task.entity.js';
import { TasksController } from './tasks.controller.js';
import { Tasks } from './tasks.service.js';

@App({ name: 'tasks', entities: [Task] })
@Module({ controllers: [RootController, TasksController], providers: [Tasks] })
export class TasksModule {}
