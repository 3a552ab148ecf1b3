// @ts-check
/* Relation fields: one row whose name stands in the input, or several as chips. */

import { Combobox, element, icon } from './combobox.js';

/** @typedef {import('./combobox.js').Row} Row */

/** One row: the input shows its name. */
class OneField extends Combobox {
  build() {
    const [row = { value: '', label: '' }] = this.present();
    super.build();
    this.hidden = element('input', { type: 'hidden', name: this.path, value: row.value, 'data-entity': this.entity });
    this.row = row;
    this.input.value = row.label;
    this.clearer = element(
      'button',
      {
        type: 'button',
        class: 'bb-combo-clear',
        'aria-label': `Clear ${this.label}`,
        title: 'Clear',
        hidden: row.value === '',
      },
      icon('close'),
    );
    this.clearer.addEventListener('click', () => {
      this.set({ value: '', label: '' });
      this.input.focus();
    });
    this.box.append(this.input, this.clearer, this.list);
    this.root.replaceChildren(this.hidden, this.box, this.status);
  }

  /** The name of the chosen row is no search. */
  get text() {
    const text = this.input.value.trim();
    return text === this.row.label ? '' : text;
  }

  /** @param {Row} row */
  isChosen(row) {
    return row.value === this.row.value;
  }

  /** @param {Row} row */
  choose(row) {
    this.set(row);
    this.expand(false);
  }

  /** @param {Row} row */
  set(row) {
    this.row = row;
    if (this.hidden) this.hidden.value = row.value;
    this.input.value = row.label;
    if (this.clearer) this.clearer.hidden = row.value === '';
    this.hidden?.dispatchEvent(new Event('change', { bubbles: true }));
  }

  leave() {
    super.leave();
    if (this.input.value.trim() === '' && this.row.value !== '') this.set({ value: '', label: '' });
    else this.input.value = this.row.label;
  }

  /** @param {Row} row */
  rename(row) {
    if (this.row.value === row.value) this.set(row);
  }
}

/** Several rows: chips before the input. */
class ManyField extends Combobox {
  build() {
    const present = this.present();
    super.build();
    this.chips = element('ul', { class: 'bb-tokens', 'aria-label': `Chosen: ${this.label}` });
    this.box.append(this.input, this.list);
    const listed = this.root.querySelector('input[data-bb-listed]');
    this.listed = listed instanceof HTMLInputElement ? listed : undefined;
    const kept = [...this.root.querySelectorAll('[data-bb-listed], .bb-search-links')];
    this.root.replaceChildren(...kept, this.chips, this.box, this.status);
    for (const row of present) this.append(row);
  }

  values() {
    return [...(this.chips?.querySelectorAll('input') ?? [])].map((input) => input.value);
  }

  /** @param {Row} row */
  offers(row) {
    return super.offers(row) && !this.values().includes(row.value);
  }

  /** @param {Row} row */
  append(row) {
    if (this.values().includes(row.value)) return;
    const remove = element(
      'button',
      { type: 'button', class: 'bb-token-remove', 'aria-label': `Remove ${row.label}` },
      icon('close'),
    );
    const chip = element(
      'li',
      { class: 'bb-token' },
      element('input', { type: 'hidden', name: this.path, value: row.value }),
      element('span', {}, row.label),
      remove,
    );
    remove.addEventListener('click', () => this.remove(chip));
    this.chips?.append(chip);
  }

  /** @param {Element} chip */
  remove(chip) {
    const next = (chip.nextElementSibling ?? chip.previousElementSibling)?.querySelector('button');
    this.status.textContent = `${chip.textContent?.trim() ?? ''} removed`;
    chip.remove();
    (next ?? this.input).focus();
    this.changed();
  }

  /**
   * Linked, and not removed here: of the rows that the page lists those without a chip were removed.
   * @param {Row} row
   */
  isChosen(row) {
    return row.linked === true && !this.keys().includes(row.value);
  }

  /** The keys of the links that the page lists, where it lists a part of them. */
  keys() {
    return /** @type {string[]} */ (JSON.parse(this.listed?.value ?? '[]'));
  }

  /**
   * A link that the page did not list becomes a chip like those that it did, so that it can be removed.
   * @param {Row} row
   */
  enlist(row) {
    if (!this.listed || !row.linked) return;
    const keys = this.keys();
    if (!keys.includes(row.value)) this.listed.value = JSON.stringify([...keys, row.value]);
  }

  /** @param {Row} row */
  choose(row) {
    this.enlist(row);
    this.append(row);
    this.input.value = '';
    this.status.textContent = row.linked ? `${row.label} is linked; it can be removed now` : `${row.label} chosen`;
    this.changed();
    void this.search();
  }

  /** @param {Row} row */
  set(row) {
    this.append(row);
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.chips?.lastElementChild;
    if (event.key === 'Backspace' && this.input.value === '' && last) {
      this.remove(last);
      this.input.focus();
    } else super.key(event);
  }

  leave() {
    super.leave();
    this.input.value = '';
  }

  /** @param {Row} row */
  rename(row) {
    const input = [...(this.chips?.querySelectorAll('input') ?? [])].find(({ value }) => value === row.value);
    if (input?.nextElementSibling) input.nextElementSibling.textContent = row.label;
  }
}

/** Rows of a plain list of several: searched without asking the server. */
class ListedField extends ManyField {
  /**
   * @param {number} page
   * @returns {Promise<{ results: Row[], more: boolean }>}
   */
  async fetch(page) {
    const size = 50;
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    const listed = /** @type {Row[]} */ (JSON.parse(this.root.dataset.rows ?? '[]'));
    const found = listed.filter(
      (row) => this.offers(row) && words.every((word) => row.label.toLowerCase().includes(word)),
    );
    return { results: found.slice((page - 1) * size, page * size), more: found.length > page * size };
  }
}

/** Plain lists of at least so many rows become search fields. */
const LONG = 8;

/**
 * The markup from which a search field is built, for a plain list of several.
 * @param {HTMLSelectElement} select
 */
function rootFor(select) {
  const options = [...select.options];
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.firstChild?.textContent?.trim() ?? '';
  const rows = options.map(({ value, text }) => ({ value, label: text }));
  const input = element('input', {
    type: 'text',
    id: select.id,
    class: 'bb-input',
    autocomplete: 'off',
    placeholder: 'Search…',
  });
  for (const name of ['aria-describedby', 'aria-invalid']) {
    const value = select.getAttribute(name);
    if (value !== null) input.setAttribute(name, value);
  }
  const chosen = options
    .filter(({ selected }) => selected)
    .map(({ value, text }) => element('label', {}, element('input', { type: 'checkbox', value, checked: true }), text));
  return element(
    'div',
    {
      class: 'bb-search',
      'data-bb-search-field': true,
      'data-many': true,
      'data-listed': true,
      'data-path': select.name,
      'data-entity': select.dataset.entity ?? '',
      'data-label': label,
      'data-rows': JSON.stringify(rows),
    },
    element('div', { class: 'bb-search-rows' }, ...chosen),
    element('div', { class: 'bb-search-line' }, input),
  );
}

/** @param {HTMLElement} root */
function fieldOf(root) {
  if (root.hasAttribute('data-listed')) return new ListedField(root);
  return root.hasAttribute('data-many') ? new ManyField(root) : new OneField(root);
}

for (const select of document.querySelectorAll('form select[multiple]')) {
  if (!(select instanceof HTMLSelectElement) || select.options.length < LONG) continue;
  select.replaceWith(rootFor(select));
}

const fields = [...document.querySelectorAll('[data-bb-search-field]')].flatMap((root) =>
  root instanceof HTMLElement ? [fieldOf(root)] : [],
);

/* A row that was saved in a small window; see related.js. */
document.addEventListener('bb:saved', (event) => {
  if (!(event instanceof CustomEvent)) return;
  const { action, entity, field, row } = event.detail;
  for (const one of fields.filter((candidate) => candidate.entity === entity)) {
    if (action === 'add' && one.path === field) one.set(row);
    else if (action === 'change') one.rename(row);
  }
});
