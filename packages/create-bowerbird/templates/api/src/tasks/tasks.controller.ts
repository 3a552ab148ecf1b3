import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseBoolPipe,
  ParseIntPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { Public, RequirePermission } from 'bowerbird';

import { type Task } from './task.entity.js';
import { Tasks } from './tasks.service.js';

/** Everybody reads tasks; accounts with the permission change them. */
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: Tasks) {}

  @Public()
  @Get()
  list(@Query('done', new ParseBoolPipe({ optional: true })) done?: boolean): Promise<Task[]> {
    return this.tasks.list(done);
  }

  @Public()
  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number): Promise<Task> {
    return this.tasks.find(id);
  }

  @RequirePermission('tasks.add_task')
  @Post()
  create(@Body() data: Record<string, unknown>): Promise<Task> {
    return this.tasks.create(data);
  }

  @RequirePermission('tasks.change_task')
  @Patch(':id')
  change(@Param('id', ParseIntPipe) id: number, @Body() data: Record<string, unknown>): Promise<Task> {
    return this.tasks.change(id, data);
  }

  @RequirePermission('tasks.delete_task')
  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', ParseIntPipe) id: number): Promise<void> {
    return this.tasks.remove(id);
  }
}
