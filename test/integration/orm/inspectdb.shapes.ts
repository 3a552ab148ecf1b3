import { type Dialect } from 'bowerbird/orm';

/** Words that differ between the databases. */
interface Words {
  readonly id: string;
  readonly reference: string;
  readonly quote: (name: string) => string;
}

const WORDS: Readonly<Record<Dialect, Words>> = {
  sqlite: { id: 'integer PRIMARY KEY', reference: 'integer', quote: (name) => `"${name.replaceAll('"', '""')}"` },
  postgres: { id: 'serial PRIMARY KEY', reference: 'integer', quote: (name) => `"${name.replaceAll('"', '""')}"` },
  mysql: {
    id: 'int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY',
    reference: 'int unsigned',
    quote: (name) => `\`${name}\``,
  },
};

/** Tables of every shape: references of all kinds, keys of several columns, names that are none in TypeScript. */
function commonTables({ id, reference, quote }: Words): readonly string[] {
  const awkward = ['größe', 'with space', 'quote"d', '2fast', 'constructor', 'then', 'class', '!!!', 'a__b', 'Größe!'];
  return [
    `CREATE TABLE people (id ${id}, name varchar(80) NOT NULL, parent_id ${reference}, boss ${reference},
      CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES people (id) ON DELETE SET NULL,
      CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES people (id))`,
    `CREATE TABLE passport (person_id ${reference} NOT NULL PRIMARY KEY, number varchar(20) NOT NULL,
      CONSTRAINT one_number UNIQUE (number),
      CONSTRAINT fk_bearer FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE ON UPDATE CASCADE)`,
    `CREATE TABLE profile (id ${id}, person_id ${reference} NOT NULL, bio text,
      CONSTRAINT one_profile UNIQUE (person_id), CONSTRAINT fk_of FOREIGN KEY (person_id) REFERENCES people (id))`,
    `CREATE TABLE tag (id ${id}, label varchar(40) NOT NULL DEFAULT 'it''s new')`,
    `CREATE TABLE people_tags (person_id ${reference} NOT NULL, tag_id ${reference} NOT NULL, PRIMARY KEY (person_id, tag_id),
      CONSTRAINT fk_tagged FOREIGN KEY (person_id) REFERENCES people (id),
      CONSTRAINT fk_by_tag FOREIGN KEY (tag_id) REFERENCES tag (id) ON DELETE CASCADE)`,
    `CREATE TABLE friendship (person_id ${reference} NOT NULL, friend_id ${reference} NOT NULL, PRIMARY KEY (person_id, friend_id),
      CONSTRAINT fk_one FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
      CONSTRAINT fk_other FOREIGN KEY (friend_id) REFERENCES people (id) ON DELETE CASCADE)`,
    `CREATE TABLE membership (person_id ${reference} NOT NULL, tag_id ${reference} NOT NULL, since date NOT NULL, PRIMARY KEY (person_id, tag_id),
      CONSTRAINT fk_member FOREIGN KEY (person_id) REFERENCES people (id),
      CONSTRAINT fk_club FOREIGN KEY (tag_id) REFERENCES tag (id))`,
    'CREATE INDEX membership_club ON membership (tag_id)',
    `CREATE TABLE ${quote('order')} (shop_no integer NOT NULL, number integer NOT NULL, total decimal(10,2) NOT NULL DEFAULT 4.90,
      PRIMARY KEY (shop_no, number), CONSTRAINT total_check CHECK (total >= 0))`,
    `CREATE TABLE order_lines (shop_no integer NOT NULL, order_number integer NOT NULL, line integer NOT NULL, amount decimal(30,12),
      PRIMARY KEY (shop_no, order_number, line), CONSTRAINT fk_order FOREIGN KEY (shop_no, order_number)
      REFERENCES ${quote('order')} (shop_no, number) ON DELETE CASCADE)`,
    `CREATE TABLE ${quote('2nd Table! */')} (id ${id}, ${awkward.map((name) => `${quote(name)} integer`).join(', ')})`,
    `CREATE TABLE ${quote('column')} (id ${id}, ${quote('Name')} varchar(10))`,
    'CREATE TABLE keyless (code varchar(10) NOT NULL, note varchar(100), CONSTRAINT one_code UNIQUE (code))',
    'CREATE TABLE log (line varchar(200))',
  ];
}

/** What only one database has. */
const SPECIAL: Readonly<Record<Dialect, readonly string[]>> = {
  sqlite: [
    `CREATE TABLE special (id integer PRIMARY KEY, anything, plain VARCHAR, words NVARCHAR(20), money NUMERIC,
      shout text GENERATED ALWAYS AS (upper(words)) VIRTUAL, seen timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
      day date DEFAULT (date('now')), active boolean NOT NULL DEFAULT 1, api_token varchar(40))`,
    'CREATE INDEX special_lower ON special (lower(plain), words DESC)',
    "CREATE INDEX special_some ON special (words) WHERE active = 1 AND words <> ''",
    'CREATE INDEX special_falling ON special (words, money DESC)',
    'CREATE INDEX special_upper ON special (upper(words), length(words)) WHERE active = 1',
    'CREATE INDEX special_falling_lower ON special (lower(words) DESC)',
    'CREATE VIRTUAL TABLE finder USING fts5(text)',
  ],
  postgres: [
    "CREATE TYPE mood AS ENUM ('so so', 'it''s', '1st', '')",
    'CREATE DOMAIN year AS integer CONSTRAINT year_check CHECK (VALUE >= 1901)',
    'CREATE SCHEMA elsewhere',
    'CREATE TABLE elsewhere.far (id integer PRIMARY KEY)',
    `CREATE TABLE special (id bigserial PRIMARY KEY, state mood NOT NULL DEFAULT 'it''s', states mood[], made year, place point,
      tags text[] NOT NULL DEFAULT '{}', numbers integer[], words tsvector, address inet, small smallint DEFAULT (-1),
      extra jsonb NOT NULL DEFAULT '{}', key uuid DEFAULT gen_random_uuid(), fixed character(3), endless varchar, any_number numeric,
      seen timestamp NOT NULL DEFAULT now(), zoned timestamptz(0), day date DEFAULT CURRENT_DATE, clock time, span interval,
      active boolean NOT NULL DEFAULT true, api_token varchar(40), ratio real DEFAULT 0.5, raw bytea,
      total integer GENERATED ALWAYS AS (small + 1) STORED, far_id integer REFERENCES elsewhere.far (id))`,
    'CREATE INDEX special_lower ON special (lower(endless), fixed DESC)',
    "CREATE INDEX special_some ON special (fixed) WHERE active AND fixed <> ''",
    'CREATE INDEX special_tags ON special USING gin (tags)',
    'CREATE INDEX special_falling ON special (fixed, seen DESC)',
    'CREATE INDEX special_extra ON special USING gin (extra jsonb_path_ops) WHERE active',
    'CREATE INDEX special_hash ON special USING hash (endless)',
    'CREATE INDEX special_brin ON special USING brin (seen)',
    'CREATE INDEX special_spgist ON special USING spgist (endless)',
    'CREATE INDEX special_gist ON special USING gist (place)',
    'CREATE INDEX special_like ON special (endless varchar_pattern_ops, fixed)',
    'CREATE INDEX special_upper ON special (upper(endless), (small + 1))',
    'CREATE INDEX special_falling_lower ON special (lower(endless) DESC)',
    'CREATE INDEX special_first ON special (seen NULLS FIRST)',
    'CREATE INDEX special_filled ON special USING brin (day) WITH (pages_per_range = 8)',
    'CREATE INDEX special_carrying ON special (day) INCLUDE (clock)',
    'CREATE UNIQUE INDEX special_token ON special (api_token)',
    'ALTER TABLE special ADD CONSTRAINT special_alone EXCLUDE USING btree (fixed WITH =) WHERE (active)',
    "COMMENT ON TABLE special IS 'Everything that PostgreSQL has'",
    "COMMENT ON COLUMN special.made IS 'A year'",
    'CREATE TABLE child () INHERITS (log)',
  ],
  mysql: [
    `CREATE TABLE special (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, state enum('so so','it''s','1st','') NOT NULL DEFAULT 'it''s',
      features set('one','two') DEFAULT NULL, made year, place point, tiny tinyint unsigned NOT NULL DEFAULT 3, small smallint,
      extra json, fixed char(3) NOT NULL DEFAULT 'abc', words mediumtext, plain text, picture mediumblob, hash binary(16), flags bit(8),
      seen timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), zoned datetime(6) DEFAULT current_timestamp(6),
      whole datetime DEFAULT current_timestamp(), day date, clock time, active tinyint(1) NOT NULL DEFAULT 1, api_token varchar(40),
      ratio float DEFAULT 0.5, total int AS (small + 1) STORED) COMMENT = 'Everything that MySQL has'`,
    'CREATE FULLTEXT INDEX special_words ON special (words)',
    'CREATE INDEX special_start ON special (plain(5))',
    'CREATE INDEX special_falling ON special (seen, day DESC)',
    'CREATE UNIQUE INDEX special_token ON special (api_token)',
  ],
};

/** Statements that make tables of every shape, and a view. */
export function shapes(dialect: Dialect): readonly string[] {
  return [
    ...commonTables(WORDS[dialect]),
    ...SPECIAL[dialect],
    'CREATE VIEW named_people AS SELECT id, name FROM people WHERE parent_id IS NULL',
  ];
}
