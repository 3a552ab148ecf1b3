// @ts-check
/* Links beside relation fields open small windows; what is saved there comes back as a message. */

import { element } from './combobox.js';

/** @typedef {import('./combobox.js').Row} Row */

/** A key as one segment of an address, as the server writes it. @param {string} text */
function segmentOf(text) {
  if (/^[A-Za-z\d-]+$/.test(text)) return text;
  const bytes = new TextEncoder().encode(text);
  const written = [...bytes].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z\d-]/.test(character) ? character : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return written.join('') || '_';
}

/** @param {string} value */
function keySegment(value) {
  if (!value.startsWith('{')) return segmentOf(value);
  return Object.values(JSON.parse(value))
    .map((part) => segmentOf(String(part)))
    .join('~');
}

/**
 * Points the "edit" link of a field at the chosen row.
 * @param {string} field
 * @param {string} value
 */
function followLink(field, value) {
  for (const link of document.querySelectorAll('a[data-bb-related="open"]')) {
    if (!(link instanceof HTMLAnchorElement) || link.dataset.field !== field) continue;
    link.hidden = value === '';
    if (value !== '') link.href = `${link.dataset.base}${keySegment(value)}/change/?_popup=1`;
  }
}

document.addEventListener('change', ({ target }) => {
  const single =
    (target instanceof HTMLSelectElement && !target.multiple) ||
    (target instanceof HTMLInputElement && (target.type === 'radio' || target.type === 'hidden'));
  if (single && target.dataset.entity) followLink(target.name, target.value);
});

/** The windows that this page has opened, and the field for which. @type {Map<MessageEventSource, string>} */
const windows = new Map();

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[data-bb-related]') : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const popup = window.open(link.href, '_blank', 'popup,width=920,height=760');
  if (!popup) return;
  event.preventDefault();
  windows.set(popup, link.dataset.field ?? '');
  popup.focus();
});

addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || !source || !windows.has(source) || data?.type !== 'bowerbird.saved') return;
  const field = windows.get(source) ?? '';
  windows.delete(source);
  const row = { value: String(data.value), label: String(data.label) };
  const { action, entity } = data;
  document.dispatchEvent(new CustomEvent('bb:saved', { detail: { action, entity, field, row } }));
  takeIntoLists(String(entity), field, row, action === 'add');
});

/**
 * Puts a row into the plain lists of its entity, chosen in the field that asked for it.
 * @param {string} entity
 * @param {string} field
 * @param {Row} row
 * @param {boolean} added
 */
function takeIntoLists(entity, field, row, added) {
  for (const select of document.querySelectorAll('select[data-entity]')) {
    if (!(select instanceof HTMLSelectElement) || select.dataset.entity !== entity) continue;
    const known = [...select.options].find(({ value }) => value === row.value);
    if (known) known.text = row.label;
    else select.add(new Option(row.label, row.value));
    const option = [...select.options].find(({ value }) => value === row.value);
    if (!option || !added || select.name !== field) continue;
    option.selected = true;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }
  const boxes = added ? document.querySelector(`[data-field="${CSS.escape(field)}"] .bb-options`) : null;
  if (boxes) boxes.append(boxFor(field, row, boxes.querySelector('input')?.type ?? 'checkbox'));
}

/**
 * One more row in a group of boxes or radio buttons, chosen.
 * @param {string} name
 * @param {Row} row
 * @param {string} type
 */
function boxFor(name, row, type) {
  const box = element('input', { type, class: type === 'radio' ? 'bb-radio' : 'bb-checkbox', name, value: row.value });
  box.checked = true;
  return element('label', { class: 'bb-option' }, box, ` ${row.label}`);
}
