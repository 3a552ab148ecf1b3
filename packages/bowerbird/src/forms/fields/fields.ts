import { type UploadedFile } from '#http';

import { HiddenInput, Input } from '../widgets/input-widgets.js';
import { BooleanField, NullableBooleanField } from './boolean-fields.js';
import { ChoiceField, MultipleChoiceField, type ChoiceOptions, type ChoiceValue } from './choice-fields.js';
import {
  DateField,
  DateTimeField,
  DurationField,
  TimeField,
  type DateOptions,
  type DateTimeOptions,
} from './date-fields.js';
import { type Field, type FieldOptions } from './field.js';
import { FileField, ImageField, type FileOptions } from './file-fields.js';
import { JsonField } from './json-field.js';
import {
  BigIntField,
  DecimalField,
  FloatField,
  IntegerField,
  type DecimalOptions,
  type NumberOptions,
} from './number-fields.js';
import { RelationField, RelationsField, type RelationOptions } from './relation-fields.js';
import {
  ColorField,
  EmailField,
  IpField,
  PasswordField,
  PhoneField,
  SlugField,
  TextareaField,
  TextField,
  UrlField,
  UuidField,
  type SlugOptions,
  type TextOptions,
} from './text-fields.js';

/** `T`, or null as well when the options say `required: false`. */
type Optional<O, T> = O extends { readonly required: false } ? T | null : T;
/** Text, or null as well when the options say `nullable: true`. */
type Text<O> = O extends { readonly nullable: true } ? string | null : string;
type Uuid<O> = O extends { readonly nullable: false } ? string : Optional<O, string>;

type TextFactory<Options = TextOptions> = <const O extends Options>(options?: O) => TextField<Text<O>>;
type TextClass = new (options?: TextOptions<never>) => TextField<never>;

/** A factory of fields that hold text: null is possible only where the options say so. */
function text<Options = TextOptions>(type: unknown): TextFactory<Options> {
  return (options?: unknown) => new (type as TextClass)(options as never);
}

/**
 * The fields from which forms are declared: `email = fields.email({ label: 'E-mail' })`. Every field is required unless
 * it says `required: false`; empty text is `''` (null with `nullable: true`), any other empty value is null.
 */
export const fields = {
  text: text(TextField),
  textarea: text(TextareaField),
  email: text(EmailField),
  url: text(UrlField),
  slug: text<SlugOptions>(SlugField),
  password: text(PasswordField),
  phone: text(PhoneField),
  color: text(ColorField),
  ip: text(IpField),
  /** Text in a search box. */
  search: <const O extends TextOptions>(options?: O): TextField<Text<O>> =>
    new TextField({ widget: new Input('search'), ...(options as TextOptions<Text<O>> | undefined) }),
  uuid: <const O extends TextOptions>(options?: O): UuidField<Uuid<O>> =>
    new UuidField(options as TextOptions<Uuid<O>> | undefined),
  integer: <const O extends NumberOptions>(options?: O): IntegerField<Optional<O, number>> =>
    new IntegerField(options as NumberOptions<Optional<O, number>> | undefined),
  number: <const O extends NumberOptions>(options?: O): FloatField<Optional<O, number>> =>
    new FloatField(options as NumberOptions<Optional<O, number>> | undefined),
  /** Exact; the value is text. */
  decimal: <const O extends DecimalOptions>(options?: O): DecimalField<Optional<O, string>> =>
    new DecimalField(options as DecimalOptions<Optional<O, string>> | undefined),
  /** Exact; the value is text. */
  bigint: <const O extends NumberOptions<string | null>>(options?: O): BigIntField<Optional<O, string>> =>
    new BigIntField(options as NumberOptions<Optional<O, string>> | undefined),
  /** A checkbox; `required: true` means that it must be ticked. */
  boolean: (options?: FieldOptions<boolean>): BooleanField => new BooleanField(options),
  /** Yes, no or unknown. */
  nullableBoolean: (options?: FieldOptions<boolean | null>): NullableBooleanField => new NullableBooleanField(options),
  /** A calendar date, `YYYY-MM-DD`. */
  date: <const O extends DateOptions>(options?: O): DateField<Optional<O, string>> =>
    new DateField(options as DateOptions<Optional<O, string>> | undefined),
  /** A time of day, `HH:MM:SS`. */
  time: <const O extends DateOptions>(options?: O): TimeField<Optional<O, string>> =>
    new TimeField(options as DateOptions<Optional<O, string>> | undefined),
  /** A moment. */
  datetime: <const O extends DateTimeOptions>(options?: O): DateTimeField<Optional<O, Date>> =>
    new DateTimeField(options as DateTimeOptions<Optional<O, Date>> | undefined),
  /** A length of time in milliseconds. */
  duration: <const O extends FieldOptions<number | null>>(options?: O): DurationField<Optional<O, number>> =>
    new DurationField(options as FieldOptions<Optional<O, number>> | undefined),
  /** One of some values, in a select. */
  choice: <const V extends ChoiceValue, const O extends Omit<ChoiceOptions<V, V | null>, 'choices'>>(
    options: O & Pick<ChoiceOptions<V, V | null>, 'choices'>,
  ): ChoiceField<V, Optional<O, V>> => new ChoiceField(options as unknown as ChoiceOptions<V, Optional<O, V>>),
  /** Some of some values. */
  multipleChoice: <const V extends ChoiceValue>(options: ChoiceOptions<V, readonly V[]>): MultipleChoiceField<V> =>
    new MultipleChoiceField(options),
  json: <T = unknown>(options?: FieldOptions<T | null>): JsonField<T> => new JsonField<T>(options),
  file: <const O extends FileOptions>(options?: O): FileField<Optional<O, UploadedFile | string>> =>
    new FileField(options as FileOptions<Optional<O, UploadedFile | string>> | undefined),
  image: <const O extends FileOptions>(options?: O): ImageField<Optional<O, UploadedFile | string>> =>
    new ImageField(options as FileOptions<Optional<O, UploadedFile | string>> | undefined),
  /** One row of an entity. */
  relation: <E extends object, const O extends Omit<RelationOptions<E, E | null>, 'target'>>(
    target: RelationOptions<E>['target'],
    options?: O,
  ): RelationField<E, Optional<O, E>> =>
    new RelationField({ ...options, target } as unknown as RelationOptions<E, Optional<O, E>>),
  /** Several rows of an entity. */
  relations: <E extends object>(
    target: RelationOptions<E>['target'],
    options?: Omit<RelationOptions<E, readonly E[]>, 'target'>,
  ): RelationsField<E> => new RelationsField({ ...options, target }),
  /** The same field, travelling with the form without being shown. */
  hidden: <F extends Field>(field: F): F => field.with({ widget: new HiddenInput() }),
} as const;
