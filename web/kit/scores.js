// Totals of a score sheet: <output data-total="scores.3.points.*"> adds up the inputs of that name.
import { matcher } from './sums.js';

const NO_TOTAL = '—';

/** Read points as a person types them, in tenths; null for what is none, or more than the most there are. */
function readTenths(input) {
  const match = /^(\d{1,4})(?:\.(\d))?$/.exec(input.value.trim().replace('。', '.'));
  const tenths = match ? Number(match[1]) * 10 + Number(match[2] ?? 0) : null;
  return tenths === null || tenths > Number(input.dataset.most) * 10 ? null : tenths;
}

function show(output) {
  const names = matcher(output.dataset.total);
  const found = [...output.form.elements].filter((input) => names.test(input.name)).map(readTenths);
  if (found.length === 0) return;
  const sum = found.reduce((total, tenths) => total + (tenths ?? 0), 0);
  output.textContent = found.includes(null) ? NO_TOTAL : String(sum / 10);
}

/** Keep every candidate's total right while points are typed. */
export function watchScores(root) {
  // What was typed before this script stood, or was brought back by the browser, counts too.
  root.addEventListener('DOMContentLoaded', () => {
    root.querySelectorAll('form output[data-total]').forEach(show);
  });
  root.addEventListener('input', (event) => {
    event.target.closest?.('tr')?.querySelectorAll('output[data-total]').forEach(show);
  });
}
