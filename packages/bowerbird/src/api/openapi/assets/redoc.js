/* global Redoc */
// Draws Redoc. Its styles are made as it runs, so that they need the nonce of the page, which is that of this script; the
// mark that it would load from elsewhere is left out.
const { nonce } = document.currentScript;
const createElement = document.createElement.bind(document);

document.createElement = (name, ...options) => {
  const element = createElement(name, ...options);
  if (/^style$/i.test(name)) element.nonce = nonce;
  if (/^img$/i.test(name)) keepAtHome(element);
  return element;
};

function keepAtHome(image) {
  const setAttribute = image.setAttribute.bind(image);
  const show = (name, value) => {
    const foreign = name === 'src' && new URL(value, location.href).host === 'cdn.redoc.ly';
    if (!foreign) setAttribute(name, value);
  };
  image.setAttribute = show;
  Object.defineProperty(image, 'src', { set: (value) => show('src', value), get: () => image.getAttribute('src') });
}

document.addEventListener('DOMContentLoaded', () => {
  const place = document.getElementById('api');
  const look = { colors: { primary: { main: '#2f57d6' } }, typography: { fontFamily: 'system-ui, sans-serif' } };
  // Its search starts a worker from text, which the policy of the page forbids.
  const options = { disableSearch: true, hideDownloadButton: true, theme: look };
  Redoc.init(place.dataset.url, options, place);
});
