import { Test } from '@nestjs/testing';
import { CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import { CheckboxGroup, fields, Form, FormsModule, RadioButtons, type FormView } from 'bowerbird/forms';
import { resolveTemplates, TemplateRenderer, TemplatesModule } from 'bowerbird/templates';
import { beforeAll, describe, expect, it } from 'vitest';

let templates: TemplateRenderer;

beforeAll(async () => {
  const base = { production: false, root: new URL('.', import.meta.url) };
  const config = resolveTemplates({}, new SettingsProblems(), base);
  const module = await Test.createTestingModule({
    imports: [CoreModule.forRoot(new SecretKeys('x'.repeat(50))), TemplatesModule.forRoot(config), FormsModule],
  }).compile();
  templates = module.get(TemplateRenderer);
});

const choices = ['a', { value: 'b', label: '<b>' }] as const;

class Everything extends Form {
  text = fields.text({ maxLength: 20, placeholder: 'x"y', autocomplete: 'name', help: 'Help & <more>' });
  area = fields.textarea({ required: false });
  email = fields.email();
  secret = fields.password();
  age = fields.integer({ min: 0, max: 9 });
  price = fields.decimal({ scale: 2 });
  day = fields.date();
  at = fields.datetime();
  agreed = fields.boolean({ required: true, label: 'I agree' });
  maybe = fields.nullableBoolean();
  one = fields.choice({ choices });
  radio = fields.choice({ choices, widget: new RadioButtons() });
  some = fields.multipleChoice({ choices });
  boxes = fields.multipleChoice({ choices, widget: new CheckboxGroup(), help: 'Tick some' });
  data = fields.json({ required: false });
  upload = fields.file({ required: false });
  version = fields.hidden(fields.integer());
  fixed = fields.text({ readOnly: true });
}

const render = (view: FormView): Promise<string> => templates.render('forms/form', view);

/** All tags of a kind with their attributes. */
function tags(markup: string, name: string): Record<string, string>[] {
  return [...markup.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'))].map(([, text]) =>
    Object.fromEntries([...text!.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key!, value ?? ''])),
  );
}

describe('the markup of a form', () => {
  it('has a label, or a legend, for every control', async () => {
    const markup = await render(await new Everything().view());
    const labels = new Set(tags(markup, 'label').map(({ for: id }) => id));
    const controls = ['input', 'select', 'textarea'].flatMap((name) => tags(markup, name));
    expect(controls.length).toBeGreaterThan(18);
    for (const control of controls) if (control['type'] !== 'hidden') expect(labels).toContain(control['id']);
    expect(tags(markup, 'fieldset')).toHaveLength(2);
    expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
  });

  it('ties help and errors to the controls and links the summary to them', async () => {
    const markup = await render(
      await new Everything({ data: { text: 'x'.repeat(21), boxes: ['q'], age: '12' } }).view(),
    );
    const ids = new Set([...markup.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    const described = [...markup.matchAll(/aria-describedby="([^"]*)"/g)].flatMap(([, list]) => list!.split(' '));
    expect(described).toEqual(
      expect.arrayContaining(['id_text_error', 'id_text_help', 'id_boxes_error', 'id_boxes_help']),
    );
    for (const id of described) expect(ids).toContain(id);
    for (const [, target] of markup.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    expect(tags(markup, 'input').find(({ name }) => name === 'age')).toMatchObject({
      'aria-invalid': 'true',
      min: '0',
      max: '9',
      step: '1',
      value: '12',
    });
    expect(markup).toContain('role="alert"');
  });

  it('escapes everything that was entered or declared', async () => {
    const evil = '"><script>alert(1)</script>';
    const data = { text: evil, area: `\n${evil}`, email: evil, data: evil, one: evil, secret: evil, version: evil };
    const markup = await render(await new Everything({ data, initial: { fixed: evil } }).view());
    expect(markup).not.toContain('<script>');
    expect(markup).toContain('placeholder="x&quot;y"');
    expect(markup).toContain('Help &amp; &lt;more&gt;');
    expect(tags(markup, 'input').find(({ name }) => name === 'secret')).not.toHaveProperty('value');
  });

  it('keeps the first line break of a text', async () => {
    class Text extends Form {
      area = fields.textarea();
    }
    const markup = await render(await new Text({ initial: { area: '\na\n  b' } }).view());
    expect(markup).toMatch(/<textarea[^>]*>\n\na\n {2}b<\/textarea>/);
  });

  it('shows an existing file with its address and a box to remove it', async () => {
    class Files extends Form {
      upload = fields.file({ required: false });
    }
    const view = await new Files().view();
    const extra = {
      ...view.fields[0]!.widget.extra,
      present: { name: 'a<b.pdf', url: 'javascript:x' },
      clearable: true,
    };
    const changed = {
      ...view,
      groups: [{ ...view.groups[0]!, fields: [{ ...view.fields[0]!, widget: { ...view.fields[0]!.widget, extra } }] }],
    };
    const markup = await render(changed);
    expect(markup).toContain('href="about:invalid#blocked"');
    expect(markup).toContain('a&lt;b.pdf');
    expect(markup).toContain('name="upload-clear"');
  });
});
