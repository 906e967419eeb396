// Running totals: <output data-sum="items.*.amount"> shows the sum of the inputs of that name, in yuan.

/** Read an amount as a person types it, in fen; null when it is no amount. */
export function readFen(text) {
  const plain = text.trim().replace(/[,，\s]/g, '').replace(/。/g, '.');
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(plain);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}

/** Write fen as "4,488.00". */
export function writeYuan(fen) {
  const yuan = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${yuan}.${String(fen % 100).padStart(2, '0')}`;
}

/** Return what matches the names that a pattern such as "items.*.amount" stands for. */
export function matcher(pattern) {
  const escaped = pattern.split('*').map((part) => part.replace(/[.\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('\\d+')}$`);
}

function show(output) {
  const names = matcher(output.dataset.sum);
  const inputs = [...output.form.elements].filter((input) => names.test(input.name));
  output.textContent = writeYuan(inputs.reduce((sum, input) => sum + (readFen(input.value) ?? 0), 0));
}

function showAll(root) {
  root.querySelectorAll('output[data-sum]').forEach((output) => output.form && show(output));
}

/** Keep every running total right while figures are typed and rows come and go. */
export function watchSums(root) {
  root.addEventListener('DOMContentLoaded', () => showAll(root));
  root.addEventListener('input', () => showAll(root));
  root.addEventListener('htmx:afterSettle', () => showAll(root));
}
