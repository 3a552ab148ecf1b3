// @ts-check
/* A small window that has saved a row gives it to the form that opened it, and closes. */

const saved = document.querySelector('#bb-saved');
const opener = /** @type {Window | null} */ (window.opener);

if (saved instanceof HTMLElement && opener && !opener.closed) {
  const { action, entity, value, label } = saved.dataset;
  // Only a page of this origin may read it.
  opener.postMessage({ type: 'bowerbird.saved', action, entity, value, label }, location.origin);
  window.close();
}
