import { Entity, PrimaryGeneratedColumn } from 'typeorm';

import { Meta } from '#orm';

import { AbstractUser } from './abstract-user.js';

/** The account class of applications that do not bring their own. */
@Entity('auth_user')
@Meta({ label: 'User', labelPlural: 'Users', ordering: ['email'], display: 'email', naturalKey: ['email'] })
export class User extends AbstractUser {
  @PrimaryGeneratedColumn()
  id: number;
}
