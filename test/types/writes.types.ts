/* What changes of rows take. Nothing here runs: the type checker is the test. */
import { F, Length, Lower, Round, Value, type QuerySet } from 'bowerbird/orm';

declare class Author {
  id: number;
  name: string;
  rank: number;
}

declare class Book {
  id: number;
  title: string;
  stock: number;
  price: string;
  author: Author;
  editor: Author | null;
  label(): string;
}

declare const books: QuerySet<Book>;
declare const rows: readonly Book[];
declare const author: Author;
declare const unknownRows: QuerySet;

// Rows, values of rows, and values that the database works out.
void books.bulkUpdate(rows, ['stock', 'author']);
void books.bulkUpdate([{ id: 1, stock: 2, author: 3 }], ['stock', 'author'], { batch: 10 });
void books.bulkUpdate([{ id: 1, stock: F('stock').plus(1) }], ['stock']);
void books.bulkUpdate(
  rows.map(({ id }, index) => ({ id, title: Lower('title'), stock: F('stock').plus(index), price: Round('price', 1) })),
  ['title', 'stock', 'price'],
);
void books.bulkUpdate(
  rows.map(({ id }, index) => ({ id, stock: index > 3 ? F('stock').minus(1) : 0, title: Value('x') })),
  ['stock'],
);
void books.bulkUpdate(
  [
    { id: 1, stock: F('stock').plus(1) },
    { id: 2, stock: 5 },
  ],
  ['stock'],
);
void books.bulkUpdate(rows, ['title'], { set: { stock: F('stock').plus(1), editor: null, author } });
void books.bulkUpdate(rows, [], { set: { title: Lower('title') } });
void unknownRows.bulkUpdate([{ id: 1, anything: F('whatever') }], ['anything'], { set: { other: 1 } });

// @ts-expect-error misspelt field
void books.bulkUpdate(rows, ['stok']);
// @ts-expect-error misspelt field of an expression
void books.bulkUpdate([{ id: 1, stock: F('stok').plus(1) }], ['stock']);
// @ts-expect-error an expression of another type
void books.bulkUpdate([{ id: 1, stock: Lower('title') }], ['stock']);
void books.bulkUpdate(
  [
    { id: 1, stock: 1 },
    // @ts-expect-error an expression of another type in one of several rows
    { id: 2, stock: F('title') },
  ],
  ['stock'],
);
// @ts-expect-error a value of another type
void books.bulkUpdate([{ id: 1, stock: 'x' }], ['stock']);
// @ts-expect-error misspelt field that is the same for all
void books.bulkUpdate(rows, ['title'], { set: { stok: 1 } });
// @ts-expect-error a value of another type that is the same for all
void books.bulkUpdate(rows, ['title'], { set: { stock: 'x' } });
// @ts-expect-error an expression of another type that is the same for all
void books.bulkUpdate(rows, ['stock'], { set: { title: Length('title') } });
// @ts-expect-error misspelt field of an expression that is the same for all
void books.bulkUpdate(rows, [], { set: { stock: F('stok') } });
