/* The class of query sets that a manager names. Nothing here runs: the type checker is the test. */
import { type Class } from 'bowerbird/core';
import { manager, QuerySet, querySet, type Database, type Databases } from 'bowerbird/orm';
import { type TestApp } from 'bowerbird/testing';
import { expectTypeOf } from 'vitest';

declare const db: Database;
declare const databases: Databases;
declare const app: TestApp;

class PostRows extends QuerySet<Post> {
  published(): this {
    return this.filter({ live: true });
  }

  /** Its own type leads back to the manager. */
  siblings(): PostRows {
    return db.objects(Post).published();
  }
}

class HiddenRows extends QuerySet<Post> {
  secret(): this {
    return this.filter({ live: false });
  }
}

class Post {
  static readonly hidden = manager(Post, HiddenRows);
  static readonly objects = manager(Post, PostRows);

  id: number;
  title: string;
  live: boolean;

  others() {
    return db.objects(Post).published().exclude({ id: this.id });
  }
}

/** Has the static property of the class that it extends, which is no manager of its own rows. */
class Letter extends Post {
  stamps: number;
}

class Plain {
  static readonly objects = manager(Plain);
  id: number;
  name: string;
}

class Bare {
  id: number;
  name: string;
}

/** `objects` is something of the entity's own. */
class Cupboard {
  static readonly objects = ['cup', 'plate'];
  id: number;
  name: string;
}

// The manager `objects` decides, wherever rows are asked for.
expectTypeOf(db.objects(Post)).toEqualTypeOf<PostRows>();
expectTypeOf(databases.objects(Post)).toEqualTypeOf<PostRows>();
expectTypeOf(querySet(Post)).toEqualTypeOf<PostRows>();
expectTypeOf(app.objects(Post)).toEqualTypeOf<PostRows>();
expectTypeOf(db.objects(Post).published().orderBy('-title').using('archive')).toEqualTypeOf<PostRows>();
expectTypeOf(db.objects(Post).published().all()).resolves.toEqualTypeOf<Post[]>();
expectTypeOf(new Post().others()).toEqualTypeOf<PostRows>();

// Another one by its class, as before.
expectTypeOf(db.objects(Post).as(HiddenRows).secret()).toEqualTypeOf<HiddenRows>();

// Entities without one, and subclasses, have plain query sets of their own rows.
expectTypeOf(db.objects(Plain)).toEqualTypeOf<QuerySet<Plain>>();
expectTypeOf(db.objects(Bare)).toEqualTypeOf<QuerySet<Bare>>();
expectTypeOf(db.objects(Cupboard)).toEqualTypeOf<QuerySet<Cupboard>>();
expectTypeOf(db.objects(Letter)).toEqualTypeOf<QuerySet<Letter>>();
expectTypeOf(db.objects(Letter).filter({ stamps: 1 })).toEqualTypeOf<QuerySet<Letter>>();

// Where the entity is known at run time only.
declare const some: Class;
expectTypeOf(db.objects(some)).toEqualTypeOf<QuerySet>();
expectTypeOf(db.objects<object>(Post)).toEqualTypeOf<QuerySet>();
const generic = <E extends object>(entity: Class<E>): QuerySet<E> => db.objects(entity);
void generic;

// @ts-expect-error the manager has no such method
db.objects(Post).secret();
// @ts-expect-error a plain query set has no methods of a manager
db.objects(Bare).published();
// @ts-expect-error the class of a manager queries rows of its entity
manager(Bare, PostRows);
// @ts-expect-error names are checked as with any query set
db.objects(Post).published().filter({ nam: 'x' });
