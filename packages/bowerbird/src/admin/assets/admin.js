// @ts-check
/* What every admin page gets from scripts: theme, menus, section finder, keyboard shortcuts. All of it is optional. */

const root = document.documentElement;
root.dataset.js = '';

const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);
const YEAR = 60 * 60 * 24 * 365;

/** @returns {'auto' | 'light' | 'dark'} */
function currentTheme() {
  const theme = root.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

/** @param {'auto' | 'light' | 'dark'} theme */
function applyTheme(theme) {
  if (theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const icon of document.querySelectorAll('[data-bb-theme-icon]'))
    if (icon instanceof HTMLElement) icon.hidden = icon.dataset.bbThemeIcon !== theme;
  const label = `Color theme: ${theme === 'auto' ? 'as the system' : theme}`;
  for (const button of document.querySelectorAll('[data-bb-theme]')) {
    button.setAttribute('aria-label', label);
    button.setAttribute('title', label);
  }
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? 'auto';
  applyTheme(theme);
  // The server reads this cookie, so that the first paint of the next page already has the theme.
  document.cookie = `bb-theme=${theme}; path=/; max-age=${theme === 'auto' ? 0 : YEAR}; samesite=lax`;
}

applyTheme(currentTheme());
for (const button of document.querySelectorAll('[data-bb-theme]')) button.addEventListener('click', nextTheme);

/* Menus close on Escape and on a click elsewhere. */
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details[data-bb-menu][open]'))
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details[data-bb-menu][open]')) {
    menu.removeAttribute('open');
    menu.querySelector('summary')?.focus();
  }
});

/* Browsers scroll to the caret of a tall text field only, and leave the rest of it below the screen. */
document.addEventListener('keyup', (event) => {
  if (event.key === 'Tab' && event.target instanceof HTMLTextAreaElement)
    event.target.scrollIntoView({ block: 'nearest' });
});

/* The finder in the sidebar hides what does not match; the text is kept for this tab. */
const finder = document.querySelector('[data-bb-nav-find]');
const FINDER_KEY = 'bb-nav-find';

/** @param {string} text */
function findSections(text) {
  const wanted = text.trim().toLowerCase();
  for (const group of document.querySelectorAll('[data-bb-nav-group]')) {
    const title = group.querySelector('.bb-nav-title')?.textContent?.toLowerCase() ?? '';
    let shown = 0;
    for (const item of group.querySelectorAll('[data-bb-nav-item]')) {
      const match = title.includes(wanted) || (item.textContent?.toLowerCase().includes(wanted) ?? false);
      if (item instanceof HTMLElement) item.hidden = !match;
      if (match) shown += 1;
    }
    if (group instanceof HTMLElement) group.hidden = shown === 0;
  }
  sessionStorage.setItem(FINDER_KEY, text);
}

if (finder instanceof HTMLInputElement) {
  finder.value = sessionStorage.getItem(FINDER_KEY) ?? '';
  if (finder.value) findSections(finder.value);
  finder.addEventListener('input', () => findSections(finder.value));
  finder.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      finder.value = '';
      findSections('');
    } else if (event.key === 'Enter') {
      const first = document.querySelector('[data-bb-nav-item]:not([hidden]) .bb-nav-link');
      if (first instanceof HTMLElement) first.click();
    }
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/* Shortcuts: `/` goes to the search box, Ctrl or Cmd with S saves, `n`, `[` and `]` follow the marked links. */
document.addEventListener('keydown', (event) => {
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey || event.isComposing) return;
  if (control && event.key === 's') press(event, '[data-bb-key="s"]');
  if (control || isTyping(event.target)) return;
  if (event.key === '/') {
    // The box of the page, or else that of the sidebar.
    const boxes = ['[data-bb-search]', '[data-bb-nav-find]'].map((one) => document.querySelector(one));
    const box = boxes.find((one) => one?.checkVisibility());
    if (!(box instanceof HTMLInputElement)) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (/^[n[\]]$/.test(event.key)) press(event, `[data-bb-key="${event.key}"]`);
});

/**
 * @param {KeyboardEvent} event
 * @param {string} selector
 */
function press(event, selector) {
  const target = document.querySelector(selector);
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  target.click();
}
