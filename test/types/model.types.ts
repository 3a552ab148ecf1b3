/* What decorators of models take. Nothing here runs: the type checker is the test. */
import { OnDeleteSet, PositionColumn, type Database } from 'bowerbird/orm';

class Author {
  id: number;
  name: string;
}

class Edition {
  isbn: string;
  year: number;
}

declare const author: Author;

// What references are set to.
export class Book {
  id: number;
  shelf: string;
  @OnDeleteSet(async ({ objects }) => (await objects(Author).getOrCreate({ name: 'ghost' })).row) author: Author;
  @OnDeleteSet(({ objects }) => objects(Author).filter({ name: 'ghost' }).first()) reader: Author | null;
  @OnDeleteSet(1) printer: Author;
  @OnDeleteSet(() => author) binder?: Author;
  @OnDeleteSet(async () => author) lazy: Promise<Author>;
  @OnDeleteSet(2) lazyKey: Promise<Author | null>;
  @OnDeleteSet(null) editor: Author | null;
  @OnDeleteSet({ isbn: 'x', year: 1 }) edition: Edition;
  // @ts-expect-error a row that may be missing, for a reference that must have a value
  @OnDeleteSet(({ objects }) => objects(Author).first()) owner: Author;
  // @ts-expect-error a row of another entity
  @OnDeleteSet(({ objects }) => objects(Book).get({ id: 1 })) lender: Author;
  // @ts-expect-error a key of another type
  @OnDeleteSet('one') seller: Author;
  // @ts-expect-error null for a reference that must have a value
  @OnDeleteSet(null) maker: Author;
  // @ts-expect-error misspelt field in the function
  @OnDeleteSet(({ objects }) => objects(Author).get({ nmae: 'x' })) giver: Author | null;
  @PositionColumn({ within: 'author' }) place: number;
  @PositionColumn({ within: ['author', 'shelf'] }) second: number;
  @PositionColumn() third: number;
  // @ts-expect-error misspelt reference
  @PositionColumn({ within: 'auhtor' }) fourth: number;
  // @ts-expect-error misspelt field of several
  @PositionColumn({ within: ['author', 'shlef'] }) fifth: number;
}

// The order of rows.
export async function order(db: Database, book: Book): Promise<readonly (string | undefined)[]> {
  const next: Book | null = await db.order(book).next();
  const first: Book | null = await (await db.order(Book, author).rows()).first();
  await db.order(Book, author).set([book, 3, 'x']);
  // @ts-expect-error only the order of a row has a next one
  void db.order(Book, author).next;
  return [next?.shelf, first?.shelf];
}
