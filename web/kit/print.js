// Printing is the browser's: the button shows only where a script can ask for it.

/** Let `[data-print]` buttons print the page. */
export function watchPrint(root) {
  root.addEventListener('DOMContentLoaded', () => {
    for (const button of root.querySelectorAll('[data-print]')) {
      button.hidden = false;
      button.addEventListener('click', () => window.print());
    }
  });
}
