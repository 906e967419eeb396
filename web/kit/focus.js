// Where the keyboard goes: to the summary of errors on loading, to the new row after adding one.

function focusFirst(element) {
  element?.querySelector('input:not([type="hidden"]), select, textarea')?.focus();
}

function afterSwap({ detail }) {
  const button = detail.requestConfig?.elt;
  const list = button && document.getElementById(detail.target.id);
  if (!list) return;
  if (button.name === '_add') focusFirst([...list.querySelectorAll(':scope .sp-rows__row')].pop());
  if (button.name === '_remove') list.focus();
}

/** Put the focus where the change is. */
export function watchFocus(root) {
  root.addEventListener('htmx:afterSettle', afterSwap);
  root.addEventListener('DOMContentLoaded', () => root.getElementById('error-summary')?.focus());
}
