// Naming a colleague: after an @ in <textarea data-mentions="/cases/5/people"> a list of people opens; choosing one
// writes the name and remembers who it is in a hidden field. Without it people type the name, or use the page that finds.

const TYPED = /@([^\s@]{0,8})$/;

class Chooser {
  constructor(field) {
    this.field = field;
    this.list = document.createElement('ul');
    this.list.className = 'sp-pick';
    this.list.hidden = true;
    field.after(this.list);
    field.addEventListener('input', () => this.look());
    field.addEventListener('keydown', (event) => this.steer(event));
    this.list.addEventListener('keydown', (event) => this.steer(event));
  }

  typed() {
    return TYPED.exec(this.field.value.slice(0, this.field.selectionStart))?.[1];
  }

  async look() {
    const name = this.typed();
    if (name === undefined) { this.close(); return; }
    const answer = await fetch(`${this.field.dataset.mentions}?q=${encodeURIComponent(name)}`);
    const people = answer.ok ? await answer.json() : [];
    if (this.typed() === name) this.open(people.slice(0, 6));
  }

  open(people) {
    this.list.replaceChildren(...people.map((one) => this.line(one)));
    this.list.hidden = people.length === 0;
  }

  close() {
    this.list.hidden = true;
  }

  line(one) {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `${one.name}（${one.about}）`;
    button.addEventListener('click', () => this.choose(one));
    item.append(button);
    return item;
  }

  choose(one) {
    const { value, selectionStart } = this.field;
    const before = value.slice(0, selectionStart).replace(TYPED, `@${one.name} `);
    this.field.value = before + value.slice(selectionStart);
    const kept = document.createElement('input');
    Object.assign(kept, { type: 'hidden', name: 'mentions', value: one.id });
    this.field.after(kept);
    this.close();
    this.field.focus();
    this.field.setSelectionRange(before.length, before.length);
  }

  steer(event) {
    if (this.list.hidden) return;
    const buttons = [...this.list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === 'Escape') { this.close(); this.field.focus(); }
    if (event.key === 'ArrowDown') { event.preventDefault(); buttons[Math.min(at + 1, buttons.length - 1)].focus(); }
    if (event.key === 'ArrowUp' && at >= 0) { event.preventDefault(); (buttons[at - 1] ?? this.field).focus(); }
  }
}

/** Give every such field its list. */
export function watchMentions(root) {
  root.addEventListener('DOMContentLoaded', () => {
    for (const field of root.querySelectorAll('textarea[data-mentions]')) new Chooser(field);
  });
}
