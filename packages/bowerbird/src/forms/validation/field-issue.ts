/** One thing that is wrong with what was entered. */
export interface FieldIssue {
  /** Stable name: `required`, `max_length`, `unique`, … */
  readonly code: string;
  /** For the visitor. */
  readonly message: string;
  /** Values that the message mentions. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The messages by code; `{name}` is replaced by the parameter of that name. */
export type Messages = Readonly<Record<string, string>>;

/** What the framework says unless a field says it otherwise. */
export const DEFAULT_MESSAGES: Messages = {
  required: 'This field is required.',
  invalid: 'Enter a valid value.',
  text: 'Enter a text.',
  null: 'A value is needed: null is none.',
  null_characters: 'Null characters are not allowed.',
  invalid_characters: 'Some characters are not valid text.',
  max_length: 'Enter at most {max} characters (this has {length}).',
  min_length: 'Enter at least {min} characters (this has {length}).',
  pattern: 'Enter a valid value.',
  email: 'Enter a valid e-mail address.',
  url: 'Enter a valid address that starts with http:// or https://.',
  slug: 'Enter only letters, digits, underscores and hyphens.',
  phone: 'Enter a valid phone number.',
  color: 'Enter a color such as #3366cc.',
  ip: 'Enter a valid IPv4 or IPv6 address.',
  uuid: 'Enter a valid UUID.',
  integer: 'Enter a whole number.',
  number: 'Enter a number.',
  min_value: 'Enter a value of at least {min}.',
  max_value: 'Enter a value of at most {max}.',
  step: 'Enter a multiple of {step}.',
  max_digits: 'Enter at most {max} digits in all.',
  max_decimals: 'Enter at most {max} digits after the point.',
  max_whole_digits: 'Enter at most {max} digits before the point.',
  boolean: 'Choose yes or no.',
  date: 'Enter a valid date.',
  time: 'Enter a valid time.',
  datetime: 'Enter a valid date and time.',
  nonexistent_time: 'This time does not exist in {timeZone}: the clock skips it.',
  duration: 'Enter a duration such as 30s, 15m or 1.5h.',
  json: 'Enter valid JSON: {reason}',
  choice: 'Choose one of the available values.',
  choice_missing: '{value} is not one of the available values.',
  not_a_list: 'Enter a list of values.',
  relation: 'Choose one of the available values. This one does not exist or may not be chosen.',
  file_missing: 'No file was sent. Check the encoding of the form.',
  file_empty: 'The file is empty.',
  file_size: 'The file has {size}; at most {max} are allowed.',
  file_extension: 'Files of the kind "{extension}" are not allowed. Allowed are {allowed}.',
  file_name: 'The name of the file has more than {max} characters.',
  file_contradiction: 'Either choose a file or tick the box to remove it, not both.',
  image: 'This is not a valid image. Allowed are PNG, JPEG, GIF, WebP and AVIF.',
  unique: 'Another {entity} with this {fields} already exists.',
  reference: 'This refers to something that no longer exists.',
  constraint: 'The database refused these values.',
  exclusion: 'This is in the way of another {entity}.',
};

/** An issue with its message filled in. */
export function issueOf(code: string, messages: Messages, params: Readonly<Record<string, unknown>> = {}): FieldIssue {
  const text = messages[code] ?? DEFAULT_MESSAGES[code] ?? DEFAULT_MESSAGES['invalid']!;
  const message = text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
  return Object.keys(params).length > 0 ? { code, message, params } : { code, message };
}
