// @ts-check
/* An input with a list of what the server finds for it: a combobox as ARIA 1.2 describes it. */

/** @typedef {{ value: string, label: string, linked?: boolean }} Row `linked`: it is among the links that the page does not list. */

const WAIT = 200;
let ids = 0;

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | boolean>} attributes
 * @param {...(Node | string)} children
 */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** @param {string} name */
export function icon(name) {
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  shape.setAttribute('class', 'bb-icon bb-icon-small');
  shape.setAttribute('viewBox', '0 0 24 24');
  shape.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  const sprite = document.querySelector('svg use')?.getAttribute('href')?.split('#')[0] ?? '';
  use.setAttribute('href', `${sprite}#${name}`);
  shape.append(use);
  return shape;
}

/** The list of what was found, below an input. Subclasses decide what choosing means. */
export class Combobox {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.path = root.dataset.path ?? '';
    this.entity = root.dataset.entity ?? '';
    this.source = root.dataset.source ?? '';
    this.label = root.dataset.label ?? '';
    const input = root.querySelector('.bb-search-line input');
    if (!(input instanceof HTMLInputElement)) throw new TypeError('A combobox needs an input');
    this.input = input;
    /** @type {Row[]} */
    this.rows = [];
    this.active = -1;
    this.page = 1;
    this.more = false;
    /** @type {AbortController | undefined} */
    this.request = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.list = element('ul', {
      role: 'listbox',
      id: `bb-list-${(ids += 1)}`,
      class: 'bb-combo-list',
      'aria-label': this.label,
      hidden: true,
    });
    this.status = element('span', { class: 'bb-hidden', role: 'status' });
    this.box = element('div', { class: 'bb-combo' });
    this.build();
    this.listen();
  }

  /** Rows that the page without scripts has chosen. */
  present() {
    return [...this.root.querySelectorAll('.bb-search-rows input:checked')].flatMap((box) =>
      box instanceof HTMLInputElement && box.value !== ''
        ? [{ value: box.value, label: box.parentElement?.textContent?.trim() ?? '' }]
        : [],
    );
  }

  build() {
    const { input, list } = this;
    input.removeAttribute('name');
    input.value = '';
    for (const [name, value] of Object.entries({
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-haspopup': 'listbox',
      'aria-controls': list.id,
      spellcheck: 'false',
    }))
      input.setAttribute(name, value);
  }

  listen() {
    const { input, list } = this;
    input.addEventListener('input', () => this.later());
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('click', () => {
      if (!this.open) void this.search();
    });
    input.addEventListener('blur', () => this.leave());
    // The input keeps the focus, so that its blur always means leaving the field.
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      const index = option ? [...list.children].indexOf(option) : -1;
      if (index >= 0) this.pick(index);
    });
    list.addEventListener('scroll', () => {
      if (list.scrollTop + list.clientHeight > list.scrollHeight - 40) void this.next();
    });
  }

  get open() {
    return !this.list.hidden;
  }

  /** What is searched for. */
  get text() {
    return this.input.value.trim();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.search(), WAIT);
  }

  async search() {
    clearTimeout(this.timer);
    this.page = 1;
    const found = await this.fetch(1);
    if (!found) return;
    this.rows = found.results.filter((row) => this.offers(row));
    this.more = found.more;
    this.active = -1;
    this.show();
  }

  /** Rows behind those that are listed. */
  async next() {
    if (!this.more || this.request) return;
    const found = await this.fetch(this.page + 1);
    if (!found) return;
    this.page += 1;
    this.more = found.more;
    this.rows = [...this.rows, ...found.results.filter((row) => this.offers(row))];
    this.show();
  }

  /**
   * @param {number} page
   * @returns {Promise<{ results: Row[], more: boolean } | undefined>}
   */
  async fetch(page) {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    const query = `&q=${encodeURIComponent(this.text)}&page=${page}`;
    try {
      const answer = await fetch(this.source + query, {
        signal: request.signal,
        headers: { accept: 'application/json' },
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return await answer.json();
    } catch {
      if (!request.signal.aborted) this.say('The search failed. Try again.');
      return undefined;
    } finally {
      if (this.request === request) this.request = undefined;
    }
  }

  /** @param {Row} row */
  offers(row) {
    return row.value !== '';
  }

  /** @param {Row} _row */
  isChosen(_row) {
    return false;
  }

  show() {
    if (document.activeElement !== this.input) return;
    if (this.rows.length === 0) {
      this.say(this.text === '' ? 'There is nothing to choose.' : `Nothing matches “${this.text}”.`);
      return;
    }
    this.list.replaceChildren(
      ...this.rows.map((row, index) =>
        element(
          'li',
          {
            role: 'option',
            id: `${this.list.id}-${index}`,
            class: 'bb-combo-option',
            'aria-selected': String(index === this.active),
            'data-chosen': this.isChosen(row),
          },
          row.label,
        ),
      ),
    );
    this.status.textContent = `${this.rows.length}${this.more ? ' or more' : ''} found`;
    this.expand(true);
  }

  /** @param {string} text */
  say(text) {
    this.list.replaceChildren(element('li', { class: 'bb-combo-note', role: 'presentation' }, text));
    this.status.textContent = text;
    this.rows = [];
    this.active = -1;
    this.expand(true);
  }

  /** @param {boolean} open */
  expand(open) {
    this.list.hidden = !open;
    this.input.setAttribute('aria-expanded', String(open));
    if (!open) this.move(-1);
  }

  /** @param {number} index */
  move(index) {
    const options = [...this.list.querySelectorAll('[role="option"]')];
    this.active = index;
    for (const [at, option] of options.entries()) option.setAttribute('aria-selected', String(at === index));
    const option = options[index];
    if (option) {
      this.input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else this.input.removeAttribute('aria-activedescendant');
    if (index >= options.length - 2) void this.next();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!this.open) void this.search();
      else if (this.rows.length > 0)
        this.move((this.active + step + this.rows.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.rows.length);
    } else if (event.key === 'Enter' && this.open) {
      event.preventDefault();
      if (this.active >= 0) this.pick(this.active);
      else if (this.rows.length === 1) this.pick(0);
    } else if (event.key === 'Escape' && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.leave();
    }
  }

  /** @param {number} index */
  pick(index) {
    const row = this.rows[index];
    if (row) this.choose(row);
  }

  /** @param {Row} _row */
  choose(_row) {}

  leave() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.expand(false);
  }

  changed() {
    this.root.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
