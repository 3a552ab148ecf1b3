// Forms.
export { Form } from './form.js';
export { type BoundField } from './bound-field.js';
export { FormErrors, WHOLE_FORM } from './form-errors.js';
export { type FormInput } from './form-input.js';
export { type FieldGroup } from './form-renderer.js';
export { FormServices, type GivenServices } from './form-services.js';
export { type FormData, FormSource } from './form-source.js';
export { type Cleaned, type FieldNames, type ValueOf } from './form.types.js';
export {
  FormInvalidError,
  MissingServiceError,
  UnboundFormError,
  UnknownFormFieldError,
  ValidationError,
  type ValidationErrorOptions,
} from './forms.errors.js';
export { FormsModule } from './forms.module.js';
export { type StandardResult, type StandardSchema, standardSchema } from './standard-schema.js';
export { type FieldIssue, type Messages } from './validation/field-issue.js';

// Forms of entities.
export { EntityForm, type EntityFormInput, type SaveOptions } from './entity/entity-form.js';
export { fieldFor, fieldForRelation } from './entity/field-for.js';
export { type EntityFormClass, formClassFor, type FormClassOptions } from './entity/form-class-for.js';

// Fields.
export { BooleanField, NullableBooleanField } from './fields/boolean-fields.js';
export {
  ChoiceField,
  type ChoiceOptions,
  type ChoiceValue,
  type FormChoice,
  MultipleChoiceField,
} from './fields/choice-fields.js';
export {
  DateField,
  type DateOptions,
  DateTimeField,
  type DateTimeOptions,
  DurationField,
  TimeField,
} from './fields/date-fields.js';
export { keyFilter, keyText, parseKey } from './fields/entity-key-text.js';
export { Field, type FieldContext, type FieldOptions, type RawInput, type Validator } from './fields/field.js';
export { fields } from './fields/fields.js';
export { FileField, type FileOptions, type FileValue, ImageField } from './fields/file-fields.js';
export { JsonField } from './fields/json-field.js';
export {
  BigIntField,
  DecimalField,
  type DecimalOptions,
  FloatField,
  IntegerField,
  type NumberOptions,
} from './fields/number-fields.js';
export { RelationField, type RelationOptions, RelationsField } from './fields/relation-fields.js';
export {
  ColorField,
  EmailField,
  IpField,
  PasswordField,
  PhoneField,
  SlugField,
  type SlugOptions,
  TextareaField,
  TextField,
  type TextOptions,
  UrlField,
  UuidField,
} from './fields/text-fields.js';

// Widgets.
export {
  CheckboxGroup,
  MultipleSelect,
  NullableBooleanSelect,
  RadioButtons,
  Select,
} from './widgets/choice-widgets.js';
export { FileChooser, type FileInput } from './widgets/file-widget.js';
export { Checkbox, HiddenInput, Input, PasswordInput, ReadOnlyText, Textarea } from './widgets/input-widgets.js';
export {
  type FieldView,
  type FormView,
  type GroupView,
  type OptionView,
  type SummaryView,
  type WidgetState,
  type WidgetView,
} from './widgets/widget-view.js';
export { type Attributes, Widget } from './widgets/widget.js';
