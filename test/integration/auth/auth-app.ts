import { Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import {
  authDrivers,
  CurrentUser,
  Policy,
  Public,
  RequirePermission,
  RequireStaff,
  type AbstractUser,
  type AuthOptions,
  type EntityPolicy,
} from 'bowerbird/auth';
import { type FrameworkSettings } from 'bowerbird/framework';
import { App, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestAppOptions } from 'bowerbird/testing';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('shelf_book')
@Meta({ permissions: { publish: 'Can publish books' } })
export class Book {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar', length: 80 })
  title: string;

  @Column({ type: 'varchar', length: 254, default: '' })
  owner: string;
}

/** Owners may change their books; nobody may change or delete "The Rules". */
@Policy(Book)
@Injectable()
export class BookPolicy implements EntityPolicy<Book> {
  change(user: AbstractUser, book?: Book): boolean | undefined {
    return book && book.owner === user.email ? true : undefined;
  }

  scope(user: AbstractUser, books: QuerySet<Book>): QuerySet<Book> {
    return books.filter({ owner: user.email });
  }
}

@Policy(Book)
@Injectable()
export class RulesPolicy implements EntityPolicy<Book> {
  change(_user: AbstractUser, book?: Book): boolean | undefined {
    return book?.title === 'The Rules' ? false : undefined;
  }

  delete(_user: AbstractUser, book?: Book): boolean | undefined {
    return book?.title === 'The Rules' ? false : undefined;
  }
}

@Controller('books')
export class BooksController {
  @Get('private')
  private(@CurrentUser() user: AbstractUser) {
    return { user };
  }

  @Public()
  @Get('open')
  open(@CurrentUser() user: AbstractUser | null) {
    return { email: user?.email ?? null };
  }

  @RequirePermission('shelf.view_book')
  @Get('permitted')
  permitted() {
    return { ok: true };
  }

  @RequireStaff()
  @Get('staff')
  staff() {
    return { ok: true };
  }

  @Post('private')
  write() {
    return { ok: true };
  }
}

@App({ name: 'shelf', label: 'Shelf', entities: [Book], migrations: false })
@Module({ controllers: [BooksController], providers: [BookPolicy, RulesPolicy] })
export class ShelfModule {}

/** Hashes that cost next to nothing. */
export const CHEAP = authDrivers.scrypt({ ln: 4, r: 8, p: 1 });

/** An application with accounts, one entity and one controller. */
export function createAuthApp(
  auth: AuthOptions = {},
  options: TestAppOptions = {},
  settings: Partial<FrameworkSettings> = {},
): Promise<TestApp> {
  return createTestApp(
    {
      apps: [ShelfModule],
      auth: { hashers: [CHEAP], ...auth },
      ...settings,
    },
    { imports: [ShelfModule], ...options },
  );
}
