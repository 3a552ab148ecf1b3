// @ts-check
/* Tables of permissions: the name of a line or a column switches all of its boxes; each app says how many are on. */

for (const app of document.querySelectorAll('[data-bb-permissions] .bb-permission-app')) prepare(app);

/** @param {Element} app */
function prepare(app) {
  const rows = [...app.querySelectorAll('tbody tr')];
  for (const heading of app.querySelectorAll('tbody th')) {
    const row = heading.closest('tr');
    if (row) makeSwitch(heading, () => boxesIn(row));
  }
  [...app.querySelectorAll('thead th')].forEach((heading, index) =>
    makeSwitch(heading, () => rows.flatMap((row) => (row.children.length > 2 ? boxesIn(row.children[index + 1]) : []))),
  );
  const count = () => {
    const on = boxesIn(app).filter((box) => box.checked).length;
    const place = app.querySelector('[data-bb-permission-count]');
    if (place) place.textContent = on === 0 ? '' : `${on} chosen`;
  };
  app.addEventListener('change', count);
  count();
}

/**
 * @param {Element | undefined} part
 * @returns {HTMLInputElement[]}
 */
function boxesIn(part) {
  return part ? [...part.querySelectorAll('input')] : [];
}

/**
 * Puts a button around the content of a heading.
 * @param {Element} heading
 * @param {() => HTMLInputElement[]} boxes
 */
function makeSwitch(heading, boxes) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'bb-permission-all';
  button.title = 'Switch all';
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener('click', () => {
    const free = boxes().filter((box) => !box.disabled);
    const on = free.some((box) => !box.checked);
    for (const box of free) box.checked = on;
    heading.dispatchEvent(new Event('change', { bubbles: true }));
  });
}
