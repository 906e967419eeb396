// Sentences beside an opinion: [data-picks="id of the field"] holds a button for each; one tap writes it.

function write(field, words) {
  const before = field.value.trimEnd();
  field.value = before && !before.endsWith(words) ? `${before}\n${words}` : words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
}

function pick({ target }) {
  const button = target.closest?.('[data-picks] button');
  const field = button && document.getElementById(button.closest('[data-picks]').dataset.picks);
  if (field) write(field, button.textContent);
}

/** Show the sentences, and write the one that is tapped. */
export function watchPicks(root) {
  const show = () => root.querySelectorAll('[data-picks]').forEach((picks) => { picks.hidden = false; });
  root.addEventListener('DOMContentLoaded', show);
  root.addEventListener('htmx:afterSettle', show);
  root.addEventListener('click', pick);
}
