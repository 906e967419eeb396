// Single keys where <body data-keys> asks for them: never while something is typed, never with a modifier.
//   j k, ↑ ↓ within a list   / search   v verdicts   c opinion   g i, g s, g m, ?   pages

const PAGES = { i: '/', s: '/start', m: '/profile' };
const HELP = '/keyboard';
const G_MS = 1500;
let gAt = 0;

function isTyping({ target }) {
  return target.matches?.('input, textarea, select, [contenteditable]') ?? false;
}

function rows() {
  return [...document.querySelectorAll('.sp-item__what a')];
}

function step(by) {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return Boolean(next);
}

function focusOn(selector) {
  const found = [...document.querySelectorAll(selector)].find((one) => one.offsetParent !== null);
  found?.focus();
  return Boolean(found);
}

function open(path) {
  window.location.assign(path);
  return true;
}

// Arrows scroll the page; only from within the list do they move in it.
function arrow(by) {
  return rows().includes(document.activeElement) && step(by);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => arrow(1),
  ArrowUp: () => arrow(-1),
  '/': () => focusOn('[type=search]'),
  v: () => focusOn('.sp-verdict button'),
  c: () => focusOn('textarea[name=comment]'),
  '?': () => open(HELP),
};

function isPlain(event) {
  return !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event));
}

function press(event) {
  const isAfterG = event.timeStamp - gAt < G_MS;
  gAt = event.key === 'g' ? event.timeStamp : 0;
  const act = isAfterG && PAGES[event.key] ? () => open(PAGES[event.key]) : KEYS[event.key];
  if (act?.()) event.preventDefault();
}

/** Let single keys act, where the person has not switched them off. */
export function watchKeys(root) {
  root.addEventListener('keydown', (event) => 'keys' in document.body.dataset && isPlain(event) && press(event));
}
