import { Module } from '@nestjs/common';
import { App } from 'bowerbird';

import { RootController } from './root.controller.js';
import { Task } from './task.entity.js';
import { TaskViewSet } from './task.viewset.js';

@App({ name: 'tasks', entities: [Task] })
@Module({ controllers: [RootController, TaskViewSet] })
export class TasksModule {}
