import { IsEmail } from 'class-validator';
import { Column, CreateDateColumn, JoinTable, ManyToMany } from 'typeorm';

import { Field } from '#orm';

import { Group } from '../groups/group.entity.js';
import { Permission } from '../groups/permission.entity.js';
import { MAX_EMAIL_LENGTH, normalizeEmail } from './email-address.js';

/** Writes addresses in their one spelling whatever writes them, so that the unique column ignores case. */
const emailColumn = {
  to: (value: unknown) => (typeof value === 'string' ? normalizeEmail(value) : value),
  from: (value: unknown) => value,
};

/**
 * What the framework needs to know of an account. Extend it to make a user class of your own and name that class in
 * `settings.auth.user`; the class brings its `@Entity()`, its primary key `id` and whatever else it wants.
 */
export abstract class AbstractUser {
  /** Primary key; the concrete class declares its column. */
  abstract id: number | string;

  /** The login; unique without regard to case. */
  @Column({ type: 'varchar', length: MAX_EMAIL_LENGTH, unique: true, transformer: emailColumn })
  @Field({ label: 'E-mail address', format: 'email' })
  @IsEmail()
  email: string;

  /** Encoded hash with algorithm and parameters, or an unusable mark; never the password itself. */
  @Column({ type: 'varchar', length: 255 })
  @Field({ label: 'Password', format: 'password', sensitive: true, editable: false })
  password: string;

  @Column({ type: 'varchar', length: 150, default: '' })
  @Field({ label: 'First name', blank: true })
  firstName: string;

  @Column({ type: 'varchar', length: 150, default: '' })
  @Field({ label: 'Last name', blank: true })
  lastName: string;

  @Column({ type: Boolean, default: true })
  @Field({ label: 'Active', help: 'Turn this off instead of deleting an account.' })
  isActive: boolean;

  @Column({ type: Boolean, default: false })
  @Field({ label: 'Staff', help: 'May log in to the admin.' })
  isStaff: boolean;

  @Column({ type: Boolean, default: false })
  @Field({ label: 'Superuser', help: 'Has every permission without being given any.' })
  isSuperuser: boolean;

  @Column({ type: Date, nullable: true })
  @Field({ label: 'Last login', editable: false })
  lastLogin: Date | null;

  @CreateDateColumn()
  @Field({ label: 'Joined', editable: false })
  joinedAt: Date;

  @ManyToMany(() => Group)
  @JoinTable({ name: 'auth_user_groups', joinColumn: { name: 'user_id' }, inverseJoinColumn: { name: 'group_id' } })
  @Field({ label: 'Groups', blank: true, help: 'The account has the permissions of all its groups.' })
  groups: Group[];

  @ManyToMany(() => Permission)
  @JoinTable({
    name: 'auth_user_permissions',
    joinColumn: { name: 'user_id' },
    inverseJoinColumn: { name: 'permission_id' },
  })
  @Field({ label: 'Permissions', blank: true, help: 'What this account may do beside what its groups give.' })
  permissions: Permission[];

  /** First and last name, or the e-mail address when there is no name. */
  get name(): string {
    return [this.firstName, this.lastName].filter(Boolean).join(' ') || this.email;
  }

  toString(): string {
    return this.email;
  }

  /** The account as JSON, without its password hash. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this).filter(([name]) => name !== 'password'));
  }
}
