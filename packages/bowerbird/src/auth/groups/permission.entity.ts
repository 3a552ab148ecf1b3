import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

import { Field, Meta } from '#orm';

/**
 * The right to do one thing: `shop.change_product`. `migrate` creates view, add, change and delete for every entity,
 * and those that `@Meta({ permissions })` names. Permissions whose entity is gone stay until somebody deletes them.
 */
@Entity('auth_permission')
@Meta({
  label: 'Permission',
  labelPlural: 'Permissions',
  ordering: ['codename'],
  display: 'title',
  naturalKey: ['codename'],
})
export class Permission {
  @PrimaryGeneratedColumn()
  id: number;

  /** `shop.change_product`: app, action and entity. */
  @Column({ type: 'varchar', length: 190, unique: true })
  @Field({ label: 'Codename' })
  codename: string;

  /** What people read: `Can change product`. */
  @Column({ type: 'varchar', length: 255 })
  @Field({ label: 'Label' })
  label: string;

  /** The app's label, for grouping: `Shop`. */
  @Column({ type: 'varchar', length: 150 })
  @Field({ label: 'App' })
  app: string;

  /** `Shop: Can change product`. */
  title(): string {
    return `${this.app}: ${this.label}`;
  }
}
