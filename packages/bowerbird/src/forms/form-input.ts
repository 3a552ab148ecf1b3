import { type UploadedFile } from '#http';

import { type GivenServices } from './form-services.js';
import { type FormData } from './form-source.js';

/** What a form is made with. */
export interface FormInput extends GivenServices {
  /** `formValues(request)`, or a plain object such as a JSON body. A form with data is bound and can be validated. */
  readonly data?: FormData;
  /**
   * A JSON body whose types are taken literally: a number is no text, and what is absent was not sent. An alternative to
   * `data`; optional fields that were not sent are left alone.
   */
  readonly json?: Readonly<Record<string, unknown>>;
  /** `request.files`. */
  readonly files?: Readonly<Record<string, readonly UploadedFile[]>>;
  /** Values to show before there is any input, by field. */
  readonly initial?: Readonly<Record<string, unknown>>;
  /** Comes before the name of each field and a hyphen, so that one page can hold several forms. */
  readonly prefix?: string;
  /** Fields that were not sent keep their values; otherwise a text that was not sent is empty. */
  readonly partial?: boolean;
  /** Which fields were sent, where the data cannot tell it: nothing is sent for an empty checkbox. */
  readonly sent?: ReadonlySet<string>;
}
