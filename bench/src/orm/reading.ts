import { type BenchShelf } from './bench-database.js';
import { type Contest } from './compare.js';
import { Author, Book } from './shelf.entities.js';

const BOOK = ['id', 'title', 'slug', 'isbn', 'pages', 'price', 'rating', 'inPrint', 'published', 'createdAt'];
const AUTHOR = ['id', 'name', 'email', 'born'];

/** What reading costs. */
export function readingContests(shelf: BenchShelf): readonly Contest[] {
  return [thousandRows(shelf), joined(shelf), prefetched(shelf), byKey(shelf)];
}

function thousandRows({ db, raw }: BenchShelf): Contest {
  const select = `SELECT ${columns(db, BOOK)} FROM ${table(db, Book)}`;
  return {
    what: '1,000 rows of 10 columns',
    aim: 1.25,
    contenders: {
      driver: () => raw.rows(select),
      bowerbird: () => db.objects(Book).all(),
      'TypeORM find': () => db.dataSource.getRepository(Book).find(),
    },
  };
}

function joined({ db, raw }: BenchShelf): Contest {
  const select = `SELECT ${columns(db, BOOK, 'b')}, ${columns(db, AUTHOR, 'a', 'author_')}
    FROM ${table(db, Book)} b JOIN ${table(db, Author)} a ON a.id = b.${name(db, 'authorId')}`;
  return {
    what: 'the same with one relation joined',
    aim: 1.5,
    contenders: {
      driver: () => raw.rows(select),
      bowerbird: () => db.objects(Book).selectRelated('author').all(),
      'TypeORM find': () => db.dataSource.getRepository(Book).find({ relations: { author: true } }),
    },
  };
}

function prefetched({ db, raw }: BenchShelf): Contest {
  const authors = `SELECT ${columns(db, AUTHOR)} FROM ${table(db, Author)}`;
  const books = `SELECT ${columns(db, [...BOOK, 'authorId'])} FROM ${table(db, Book)} WHERE ${name(db, 'authorId')} IN`;
  const mark = (index: number): string => (db.dialect === 'postgres' ? `$${index + 1}` : '?');
  return {
    what: '100 authors with 1,000 books prefetched',
    aim: 2,
    contenders: {
      driver: async () => {
        const ids = ((await raw.rows(authors)) as readonly Author[]).map(({ id }) => id);
        return raw.rows(`${books} (${ids.map((_, index) => mark(index)).join(', ')})`, ids);
      },
      bowerbird: () => db.objects(Author).prefetchRelated('books').all(),
      'TypeORM find': () => db.dataSource.getRepository(Author).find({ relations: { books: true } }),
    },
  };
}

function byKey({ db }: BenchShelf): Contest {
  const mark = db.dialect === 'postgres' ? '$1' : '?';
  const select = `SELECT ${columns(db, BOOK)} FROM ${table(db, Book)} WHERE id = ${mark}`;
  let key = 0;
  const next = (): number => (key = (key % 1_000) + 1);
  return {
    what: 'one row by its key',
    // In SQLite's own process there is nothing to wait for, and a call is the whole cost.
    ...(db.dialect !== 'sqlite' && { aim: 1.3 }),
    contenders: {
      'DataSource.query': () => db.dataSource.query(select, [next()]),
      bowerbird: () => db.objects(Book).get({ id: next() }),
      'TypeORM findOneBy': () => db.dataSource.getRepository(Book).findOneBy({ id: next() }),
    },
  };
}

type Names = Pick<BenchShelf, 'db'>['db'];

function columns(db: Names, paths: readonly string[], table?: string, prefix?: string): string {
  return paths
    .map((path) => {
      const column = table ? `${table}.${name(db, path)}` : name(db, path);
      return prefix ? `${column} AS ${name(db, prefix + path)}` : column;
    })
    .join(', ');
}

function table(db: Names, entity: typeof Author | typeof Book): string {
  return name(db, db.dataSource.getMetadata(entity).tableName);
}

function name({ dataSource }: Names, text: string): string {
  return dataSource.driver.escape(text);
}
