import { fullTextVector } from '../../query/search/full-text-vector.js';
import { UnsupportedSchemaError } from '../migrations.errors.js';
import { quoteName } from './literals.js';
import { type Step, type StepConnection } from './step.js';
import { type IndexSchema } from './table-schema.js';

/** What a full-text index of PostgreSQL is made of. */
export function vectorIndexParts({ columns }: IndexSchema, fullText: true | string): string {
  const names = columns.map((name) => quoteName('postgres', name));
  return ` USING gin (${fullTextVector(names, fullText)})`;
}

/** What has to be so before an index of PostgreSQL is made that finds words in any case. */
export function localeSteps({ fullText }: IndexSchema): readonly Step[] {
  if (fullText !== true) return [];
  return [{ kind: 'work', label: 'look whether the database knows the case of letters', run: requireLetters }];
}

/** É, I and Ж as UTF-8, which a locale like C leaves as they are and that of Turkish makes others of. */
const CAPITALS = 'c38949d096';
const SMALL = 'c3a969d0b6';

/** @throws UnsupportedSchemaError where an index would not find the small letters of stored capitals */
async function requireLetters(db: StepConnection): Promise<void> {
  const text = (bytes: string) => `convert_from('\\x${bytes}'::bytea, 'UTF8')`;
  const [row] = await db.query<{ encoding: string; locale: string }>(
    `SELECT getdatabaseencoding() AS encoding, datctype AS locale FROM pg_catalog.pg_database WHERE datname = current_database()`,
  );
  if (row!.encoding === 'UTF8') {
    const [found] = await db.query<{ same: boolean }>(
      `SELECT to_tsvector('pg_catalog.simple', ${text(CAPITALS)}) @@ to_tsquery('pg_catalog.simple', ${text(SMALL)}) AS same`,
    );
    if (found!.same) return;
  }
  throw new UnsupportedSchemaError(
    `The database has the encoding ${row!.encoding} and the locale ${row!.locale}, with which an index would miss words in other letters`,
    {
      hint: "Create it with UTF8 and a locale such as C.UTF-8 or en_US.UTF-8, or index by a configuration: fullText: 'simple'",
    },
  );
}
