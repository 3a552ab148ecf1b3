import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

import { Meta } from '../describe/meta.decorator.js';

/** One row for each kind of row, so that a reference may lead to rows of any entity. */
@Entity('content_type')
@Unique('content_type_entity', ['app', 'entity'])
@Meta({ label: 'Content type', ordering: ['app', 'entity'], display: 'key', naturalKey: ['app', 'entity'] })
export class ContentType {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 100 })
  app: string;

  @Column({ length: 100 })
  entity: string;

  /** The key of the entity, as descriptions have it: `blog.post`. */
  key(): string {
    return `${this.app}.${this.entity}`;
  }
}
