import { Column, Entity, JoinTable, ManyToMany, PrimaryGeneratedColumn } from 'typeorm';

import { Field, Meta } from '#orm';

import { Permission } from './permission.entity.js';

/** People who share permissions; a user has the permissions of all their groups. */
@Entity('auth_group')
@Meta({ label: 'Group', labelPlural: 'Groups', ordering: ['name'], display: 'name', naturalKey: ['name'] })
export class Group {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar', length: 150, unique: true })
  @Field({ label: 'Name' })
  name: string;

  @ManyToMany(() => Permission)
  @JoinTable({
    name: 'auth_group_permissions',
    joinColumn: { name: 'group_id' },
    inverseJoinColumn: { name: 'permission_id' },
  })
  @Field({ label: 'Permissions', blank: true, help: 'Everybody in the group may do this.' })
  permissions: Permission[];
}
