import { describe, expect, expectTypeOf, it } from 'vitest';

import { FormValues } from '#http';

import { fields } from './fields/fields.js';
import { Form } from './form.js';
import { ValidationError } from './forms.errors.js';
import { standardSchema } from './standard-schema.js';
import { RadioButtons } from './widgets/choice-widgets.js';

class SignUp extends Form {
  readonly log: string[] = [];
  name = fields.text({ maxLength: 10 });
  email = fields.email({ label: 'E-mail', help: 'Work address', autocomplete: 'email' });
  age = fields.integer({ required: false, min: 18 });
  plan = fields.choice({ choices: ['free', 'paid'], widget: new RadioButtons() });
  terms = fields.boolean({ required: true });
  invitedBy = fields.hidden(fields.text({ required: false }));
  role = fields.text({ disabled: true, initial: 'member' });

  cleanName(value: string): string {
    this.log.push('cleanName');
    if (value === 'root') throw new ValidationError('Not this one.', { code: 'reserved' });
    return value.toUpperCase();
  }

  cleanEmail(): void {
    this.log.push('cleanEmail');
  }

  override clean(): void {
    this.log.push('clean');
    if (this.cleanedValue(this.plan) === 'paid' && !this.cleanedValue(this.age))
      this.addError('age', 'Say your age', 'age_needed');
    if (this.cleanedValue(this.name) === 'WHOLE') throw new ValidationError('All of it is wrong.');
  }
}

const good = { name: 'ann', email: 'a@b.de', age: '20', plan: 'free', terms: 'on' };

describe('a form', () => {
  it('gives typed values', async () => {
    const form = new SignUp({ data: new FormValues(Object.entries(good)) });
    expect(await form.isValid()).toBe(true);
    expect(form.cleaned).toEqual({
      name: 'ANN',
      email: 'a@b.de',
      age: 20,
      plan: 'free',
      terms: true,
      invitedBy: '',
      role: 'member',
    });
    expectTypeOf(form.cleaned.email).toEqualTypeOf<string>();
    expectTypeOf(form.cleaned.age).toEqualTypeOf<number | null>();
    expectTypeOf(form.cleaned.plan).toEqualTypeOf<'free' | 'paid'>();
    expectTypeOf(form.cleaned.terms).toEqualTypeOf<boolean>();
    expectTypeOf(form.cleaned).not.toHaveProperty('log');
  });

  it('without data is not valid, has no errors and no values', async () => {
    const form = new SignUp();
    expect([form.bound, await form.isValid(), form.errors.size]).toEqual([false, false, 0]);
    expect(() => form.cleaned).toThrow(/has no data/);
  });

  it('cleans fields in order, each with its hook, and then the whole', async () => {
    const form = new SignUp({ data: good });
    await form.isValid();
    await form.isValid();
    expect(form.log).toEqual(['cleanName', 'cleanEmail', 'clean']);
  });

  it('collects everything that is wrong, and hooks run only for valid fields', async () => {
    const form = new SignUp({ data: { name: 'far too long a name', email: 'x', age: '3', plan: 'gold' } });
    expect(await form.isValid()).toBe(false);
    const codes = [...form.errors].map(([field, issues]) => `${field}: ${issues.map(({ code }) => code).join(',')}`);
    expect(codes).toEqual(['name: max_length', 'email: email', 'age: min_value', 'plan: choice', 'terms: required']);
    expect(form.log).toEqual(['clean']);
    expect(form.cleaned).toEqual({ invitedBy: '', role: 'member' });
    expect(form.errors.messages()['email']).toEqual(['Enter a valid e-mail address.']);
    expect(form.errors.summary()).not.toContain('far too long');
  });

  it('takes errors from hooks and from clean', async () => {
    const form = new SignUp({ data: { ...good, name: 'root', plan: 'paid', age: '' } });
    await form.isValid();
    expect(form.errors.get('name').map(({ code }) => code)).toEqual(['reserved']);
    expect(form.errors.get('age').map(({ code }) => code)).toEqual(['age_needed']);
    expect('age' in form.cleaned).toBe(false);
    const whole = new SignUp({ data: { ...good, name: 'whole' } });
    await whole.isValid();
    expect(whole.errors.toJSON()).toEqual({ '': [{ code: 'invalid', message: 'All of it is wrong.' }] });
    expect(() => whole.addError('nmae', 'x')).toThrow(/Did you mean "name"|no field named "nmae"/);
  });

  it('passes on errors that are no validation errors', async () => {
    class Broken extends Form {
      name = fields.text();
      cleanName(): void {
        throw new RangeError('broken');
      }
    }
    await expect(new Broken({ data: { name: 'x' } }).isValid()).rejects.toThrow(RangeError);
  });

  it('ignores forged names and the input of disabled and read-only fields', async () => {
    class Limited extends Form {
      name = fields.text();
      role = fields.text({ disabled: true });
      owner = fields.text({ readOnly: true });
    }
    const data = {
      name: 'x',
      role: 'admin',
      owner: 'me',
      isStaff: 'true',
      __proto__: { polluted: 'yes' },
      constructor: 'x',
    };
    const form = new Limited({ data, initial: { role: 'member' } });
    expect(await form.isValid()).toBe(true);
    expect(form.cleaned).toEqual({ name: 'x', role: 'member', owner: null });
    expect(form.changed).toEqual(['name']);
  });

  it('knows which fields changed', async () => {
    const initial = { name: 'ANN', email: 'a@b.de', age: 20, plan: 'free', terms: true };
    const same = new SignUp({ data: { ...good, name: 'ANN' }, initial });
    await same.isValid();
    expect(same.changed).toEqual([]);
    const other = new SignUp({ data: { ...good, age: 'x', email: 'c@d.de' }, initial });
    await other.isValid();
    expect(other.changed).toEqual(['email', 'age']);
  });

  it('keeps what was not sent when only a part counts', async () => {
    const form = new SignUp({ data: { name: 'bo', terms: true }, partial: true });
    expect(await form.isValid()).toBe(true);
    expect(form.cleaned).toEqual({ name: 'BO', terms: true });
    expect(form.changed).toContain('name');
    expect(form.changed).not.toContain('email');
  });

  it('shares a page with others by its prefix', async () => {
    const data = new FormValues([
      ['a-name', 'x'],
      ['b-name', 'y'],
    ]);
    class One extends Form {
      name = fields.text();
    }
    const [a, b] = [new One({ data, prefix: 'a' }), new One({ data, prefix: 'b' })];
    await Promise.all([a.isValid(), b.isValid()]);
    expect([a.cleaned.name, b.cleaned.name]).toEqual(['x', 'y']);
    expect((await a.view()).fields[0]).toMatchObject({ name: 'name', htmlName: 'a-name', id: 'id_a-name' });
  });

  it('is a Standard Schema validator', async () => {
    const { validate, version } = standardSchema(SignUp)['~standard'];
    expect(version).toBe(1);
    expect(await validate(good)).toMatchObject({ value: { name: 'ANN', age: 20 } });
    expect(await validate({ ...good, email: 'x' })).toEqual({
      issues: [{ message: 'Enter a valid e-mail address.', path: ['email'] }],
    });
    expect(await validate('x')).toHaveProperty('issues');
  });
});

describe('the view of a form', () => {
  it('shows initial values before and the input after', async () => {
    const initial = { name: 'Ann', age: 3 };
    const before = await new SignUp({ initial }).view();
    expect(before.byName['age']!.widget.value).toBe('3');
    expect(before.byName['role']!.widget).toMatchObject({
      value: 'member',
      attrs: { disabled: true, required: false },
    });
    const after = await new SignUp({ initial, data: { age: ' x ' } }).view();
    expect([after.byName['age']!.widget.value, after.byName['name']!.widget.value]).toEqual([' x ', '']);
  });

  it('ties help and errors to the control', async () => {
    const view = await new SignUp({ data: { ...good, email: 'x' } }).view();
    expect(view.invalid).toBe(true);
    expect(view.byName['email']).toMatchObject({
      label: 'E-mail',
      invalid: true,
      describedBy: 'id_email_error id_email_help',
      widget: {
        template: 'forms/widgets/input',
        type: 'email',
        attrs: {
          'aria-invalid': 'true',
          'aria-describedby': 'id_email_error id_email_help',
          autocomplete: 'email',
          required: true,
        },
      },
    });
    expect(view.summary).toEqual([{ label: 'E-mail', message: 'Enter a valid e-mail address.', href: '#id_email' }]);
    expect(view.byName['name']!.widget.attrs).toMatchObject({ maxlength: 10, 'aria-invalid': null });
    expect(view.byName['age']!.widget.attrs).toMatchObject({ min: 18, step: 1, inputmode: 'numeric' });
    expect(view.hidden.map(({ name }) => name)).toEqual(['invitedBy']);
    expect(view.byName['plan']!.widget.options!.map(({ selected, id }) => [selected, id])).toEqual([
      [true, 'id_plan'],
      [false, 'id_plan_1'],
    ]);
  });

  it('never shows a password again', async () => {
    class Login extends Form {
      password = fields.password();
    }
    const view = await new Login({ data: { password: 'secret' } }).view();
    expect(JSON.stringify(view)).not.toContain('secret');
  });

  it('says what is wrong with hidden fields where it can be seen', async () => {
    class Hidden extends Form {
      version = fields.hidden(fields.integer());
    }
    expect((await new Hidden({ data: { version: 'x' } }).view()).errors).toEqual(['Version: Enter a whole number.']);
  });

  it('puts fields into groups', async () => {
    class Grouped extends Form {
      a = fields.text();
      b = fields.text();
      protected override groups() {
        return [{ legend: 'More', fields: ['b'] }];
      }
    }
    const { groups } = await new Grouped().view();
    expect(groups.map((group) => [group.legend, group.fields.map(({ name }) => name)])).toEqual([
      ['', ['a']],
      ['More', ['b']],
    ]);
  });
});
