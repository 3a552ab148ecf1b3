import { type Dialect, type FieldKind } from '../../describe/entity-description.js';
import { type ColumnType } from '../state/field-state.js';

/** Characters of a string column whose length is not said. */
export const DEFAULT_LENGTH = 255;
/** Digits after the point of a decimal whose size is not said. */
export const DEFAULT_SCALE = 4;

type TypeText = (type: ColumnType) => string;

const varchar: TypeText = ({ length }) => `varchar(${length ?? DEFAULT_LENGTH})`;
const seconds = (type: ColumnType) => type.precision ?? 3;
const decimal =
  (name: string): TypeText =>
  ({ precision, scale }) =>
    `${name}(${precision ?? 19}, ${scale ?? (precision === undefined ? DEFAULT_SCALE : 0)})`;
const just =
  (text: string): TypeText =>
  () =>
    text;

/** The DDL type of each kind of field on each dialect. */
const COLUMN_TYPES: Readonly<Record<FieldKind, Readonly<Record<Dialect, TypeText>>>> = {
  string: { sqlite: varchar, postgres: varchar, mysql: varchar },
  text: { sqlite: just('text'), postgres: just('text'), mysql: just('longtext') },
  integer: { sqlite: just('integer'), postgres: just('integer'), mysql: just('int') },
  bigint: { sqlite: just('bigint'), postgres: just('bigint'), mysql: just('bigint') },
  float: { sqlite: just('double'), postgres: just('double precision'), mysql: just('double') },
  decimal: { sqlite: decimal('decimal'), postgres: decimal('numeric'), mysql: decimal('decimal') },
  boolean: { sqlite: just('boolean'), postgres: just('boolean'), mysql: just('tinyint(1)') },
  date: { sqlite: just('date'), postgres: just('date'), mysql: just('date') },
  time: { sqlite: just('time'), postgres: just('time'), mysql: just('time') },
  datetime: {
    sqlite: just('datetime'),
    postgres: (type) => `timestamptz(${seconds(type)})`,
    mysql: (type) => `datetime(${seconds(type)})`,
  },
  uuid: { sqlite: just('varchar(36)'), postgres: just('uuid'), mysql: just('varchar(36)') },
  json: { sqlite: just('text'), postgres: just('jsonb'), mysql: just('json') },
  enum: { sqlite: varchar, postgres: varchar, mysql: varchar },
  binary: { sqlite: just('blob'), postgres: just('bytea'), mysql: just('longblob') },
};

/** The type of a column as DDL writes it. */
export function columnTypeText(dialect: Dialect, type: ColumnType): string {
  return type.types?.[dialect] ?? type.native ?? COLUMN_TYPES[type.kind][dialect](type);
}
