// @ts-check
/* Lists: selection of many rows, search while typing, remembered filter sections. */

const form = document.querySelector('#bb-list-form');
const all = document.querySelector('[data-bb-select-all]');
const counter = document.querySelector('[data-bb-count]');
const across = document.querySelector('[data-bb-across]');
const acrossBox = across?.querySelector('input');

/** @returns {HTMLInputElement[]} */
function boxes() {
  return [...document.querySelectorAll('#bb-list-form [name="selected"]')].filter(
    (box) => box instanceof HTMLInputElement,
  );
}

function showSelection() {
  const rows = boxes();
  const selected = rows.filter((box) => box.checked).length;
  if (all instanceof HTMLInputElement) {
    all.checked = selected > 0 && selected === rows.length;
    all.indeterminate = selected > 0 && selected < rows.length;
  }
  const whole = rows.length > 0 && selected === rows.length;
  if (across instanceof HTMLElement) across.hidden = !whole;
  if (acrossBox && !whole) acrossBox.checked = false;
  if (counter)
    counter.textContent = acrossBox?.checked ? 'Everything selected' : `${selected} of ${rows.length} selected`;
}

/** The box from which a range with Shift starts. @type {HTMLInputElement | null} */
let anchor = null;

/**
 * @param {HTMLInputElement} box
 * @param {boolean} range
 */
function select(box, range) {
  const rows = boxes();
  if (range && anchor && rows.includes(anchor)) {
    const [from, to] = [rows.indexOf(anchor), rows.indexOf(box)].sort((left, right) => left - right);
    for (const row of rows.slice(from, (to ?? 0) + 1)) row.checked = box.checked;
  }
  anchor = box;
  showSelection();
}

if (form instanceof HTMLFormElement) {
  form.addEventListener('click', (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.name === 'selected') select(box, event.shiftKey);
  });
  form.addEventListener('reset', () => setTimeout(showSelection));
  acrossBox?.addEventListener('change', showSelection);
  addEventListener('pageshow', showSelection);
}

if (all instanceof HTMLInputElement) {
  all.addEventListener('change', () => {
    for (const box of boxes()) box.checked = all.checked;
    anchor = null;
    showSelection();
  });
}

/* Search while typing: the form is sent when typing pauses, and only once. */
const searchForm = document.querySelector('[data-bb-list-search]');
const searchBox = searchForm?.querySelector('input[type="search"]');
const WAIT = 350;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function submitSearch() {
  clearTimeout(timer);
  if (searchForm instanceof HTMLFormElement) searchForm.requestSubmit();
}

searchForm?.addEventListener('submit', () => clearTimeout(timer));

if (searchBox instanceof HTMLInputElement) {
  const first = searchBox.value;
  if (first && document.activeElement === document.body) {
    searchBox.focus();
    searchBox.setSelectionRange(first.length, first.length);
  }
  searchBox.addEventListener('input', (event) => {
    clearTimeout(timer);
    if (event instanceof InputEvent && event.isComposing) return;
    if (searchBox.value.trim() !== first.trim()) timer = setTimeout(submitSearch, WAIT);
  });
}

/* Closed filter sections stay closed in this tab. */
const CLOSED_KEY = `bb-filters:${location.pathname}`;
const closed = new Set(JSON.parse(sessionStorage.getItem(CLOSED_KEY) ?? '[]'));
for (const section of document.querySelectorAll('[data-bb-filter]')) {
  if (!(section instanceof HTMLDetailsElement)) continue;
  const name = section.dataset.bbFilter ?? '';
  if (closed.has(name) && !section.classList.contains('bb-filter-active')) section.open = false;
  section.addEventListener('toggle', () => {
    if (section.open) closed.delete(name);
    else closed.add(name);
    sessionStorage.setItem(CLOSED_KEY, JSON.stringify([...closed]));
  });
}
