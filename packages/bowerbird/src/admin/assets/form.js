// @ts-check
/* Forms: a warning before changes are lost, one submission per click, slugs while typing, the summary of errors in view. */

const form = document.querySelector('[data-bb-form]');

if (form instanceof HTMLFormElement) {
  // What was refused or overtaken is not saved yet, although nobody has typed since.
  const before = form.hasAttribute('data-bb-unsaved') ? '' : snapshot(form);
  let leaving = false;
  const dirty = () => !leaving && snapshot(form) !== before;

  form.addEventListener('submit', (event) => {
    if (leaving) event.preventDefault();
    leaving = true;
    // Later, because a disabled button would not be sent.
    setTimeout(() => setBusy(form, true));
  });
  addEventListener('pageshow', () => {
    leaving = false;
    setBusy(form, false);
  });
  addEventListener('beforeunload', (event) => {
    if (dirty()) event.preventDefault();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || !leads(link, event) || !dirty()) return;
    event.preventDefault();
    askToLeave(() => {
      leaving = true;
      location.assign(link.href);
    });
  });
  for (const input of form.querySelectorAll('[data-bb-slug]'))
    if (input instanceof HTMLInputElement) fillSlug(form, input);
}

/**
 * Everything that the form would send, as one text.
 * @param {HTMLFormElement} source
 */
function snapshot(source) {
  const values = [...new FormData(source)].filter(([name]) => !name.startsWith('_'));
  return JSON.stringify(
    values.map(([name, value]) => [name, value instanceof File ? `${value.name} ${value.size}` : value]),
  );
}

/**
 * @param {HTMLFormElement} source
 * @param {boolean} busy
 */
function setBusy(source, busy) {
  source.toggleAttribute('data-busy', busy);
  for (const button of source.querySelectorAll('button[type="submit"]'))
    if (button instanceof HTMLButtonElement) button.disabled = busy;
}

/**
 * Whether following a link would leave this page.
 * @param {HTMLAnchorElement} link
 * @param {MouseEvent} event
 */
function leads(link, event) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  if ((link.target && link.target !== '_self') || link.hasAttribute('download')) return false;
  return link.href.split('#')[0] !== location.href.split('#')[0];
}

/** @param {() => void} leave */
function askToLeave(leave) {
  const dialog = document.createElement('dialog');
  dialog.className = 'bb-dialog';
  dialog.setAttribute('aria-labelledby', 'bb-leave-title');
  const title = document.createElement('h2');
  title.id = 'bb-leave-title';
  title.textContent = 'Leave without saving?';
  const text = document.createElement('p');
  text.textContent = 'What you changed on this page will be lost.';
  const stay = dialogButton('Stay', 'bb-button bb-button-primary');
  const go = dialogButton('Leave', 'bb-button bb-button-quiet-danger');
  const actions = document.createElement('div');
  actions.className = 'bb-dialog-actions';
  actions.append(stay, go);
  dialog.append(title, text, actions);
  stay.addEventListener('click', () => dialog.close());
  go.addEventListener('click', () => {
    dialog.close();
    leave();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @param {string} text
 * @param {string} look
 */
function dialogButton(text, look) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = look;
  button.textContent = text;
  return button;
}

/**
 * Fills an empty short name from other fields, until somebody types into it.
 * @param {HTMLFormElement} owner
 * @param {HTMLInputElement} input
 */
function fillSlug(owner, input) {
  if (input.value !== '') return;
  const sources = (input.dataset.bbSlug ?? '').split(' ').flatMap((name) => {
    const source = owner.elements.namedItem(name);
    return source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? [source] : [];
  });
  let touched = false;
  input.addEventListener('input', () => {
    touched = input.value !== '';
  });
  for (const source of sources)
    source.addEventListener('input', () => {
      if (!touched) input.value = slugOf(sources.map(({ value }) => value).join(' '), input.maxLength);
    });
}

/**
 * The same rules as on the server.
 * @param {string} text
 * @param {number} maxLength
 */
function slugOf(text, maxLength) {
  /** @type {Record<string, string>} */
  const letters = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' };
  return text
    .toLowerCase()
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => letters[letter] ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, maxLength > 0 ? maxLength : 200)
    .replaceAll(/^-+|-+$/g, '');
}

const notice = document.querySelector('[data-bb-conflict]') ?? document.querySelector('.bb-summary');
if (notice instanceof HTMLElement) notice.focus();
