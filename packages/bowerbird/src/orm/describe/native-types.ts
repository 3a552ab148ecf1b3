/** Types that an extension of PostgreSQL brings, and its name. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  citext: 'citext',
  cube: 'cube',
  geography: 'postgis',
  geometry: 'postgis',
  halfvec: 'vector',
  hstore: 'hstore',
  ltree: 'ltree',
  sparsevec: 'vector',
  vector: 'vector',
};

/** Types of PostgreSQL's own that no other database has. */
const OWN: ReadonlySet<string> = new Set(
  [
    'int4range int8range numrange tsrange tstzrange daterange',
    'int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange',
    'inet cidr macaddr macaddr8 money interval xml tsvector tsquery bit varbit jsonpath pg_lsn',
    'point box circle line lseg path polygon',
  ].flatMap((line) => line.split(' ')),
);

/** Types of which another database has one of the same name. */
const ELSEWHERE: ReadonlySet<string> = new Set(['mysql geometry', 'mysql point', 'mysql polygon', 'mysql bit']);

/** The extension that a type of PostgreSQL needs: `vector` for `vector(3)`; undefined for types of its own. */
export function extensionOf(type: string | undefined): string | undefined {
  const name = nameOf(type ?? '');
  return Object.hasOwn(EXTENSIONS, name) ? EXTENSIONS[name] : undefined;
}

/** Whether a type as DDL writes it is one that a database has not got because PostgreSQL alone has it; lists are. */
export function isPostgresOnly(type: string, dialect: string): boolean {
  if (dialect === 'postgres') return false;
  const name = nameOf(type);
  return (
    /\[\]\s*$/.test(type) ||
    ((Object.hasOwn(EXTENSIONS, name) || OWN.has(name)) && !ELSEWHERE.has(`${dialect} ${name}`))
  );
}

function nameOf(type: string): string {
  return /^\w+/.exec(type)?.[0]?.toLowerCase() ?? '';
}
