// Saves a form while it is filled in: <form data-draft> posts itself a little after the last change, and says so
// in [data-draft-said]. Two devices: the later one is told, and chooses; offline it says so and tries again.

const PAUSE_MS = 1500;
const AGAIN_MS = 10_000;

/** What the form says now, without files: those are kept when they are chosen and handed in. */
function textsOf(form, seen) {
  const texts = new FormData(form);
  [...texts].forEach(([name, value]) => value instanceof File && texts.delete(name));
  texts.set('draft_seen', seen);
  texts.append('_autosave', '1');
  return texts;
}

class Draft {
  constructor(id) {
    this.id = id;
    this.seen = Number(this.form.elements.draft_seen.value);
    this.isChanged = false;
    this.isStopped = false;
    this.isFailing = false;
    this.saving = null;
  }

  // A page that draws its fields again puts another form in its place.
  get form() {
    return document.getElementById(this.id);
  }

  change() {
    if (this.isStopped) return;
    this.isChanged = true;
    this.later(PAUSE_MS);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  // Whatever is being saved comes first: the page that follows must know of it.
  handIn(event) {
    if (this.saving) {
      event.preventDefault();
      this.saving.then(() => this.form.requestSubmit(event.submitter));
      return;
    }
    this.stop();
    this.form.elements.draft_seen.value = this.seen;
  }

  say(words, ...choices) {
    const said = this.form.querySelector('[data-draft-said]');
    if (said.textContent !== words) said.replaceChildren(words, ...choices);
  }

  // One at a time: the next one needs the revision that this one brings.
  async save(keepalive = false) {
    if (!this.isChanged || this.isStopped || this.saving) return;
    this.isChanged = false;
    this.saving = this.send(keepalive);
    await this.saving;
    this.saving = null;
    if (this.isChanged) this.later(PAUSE_MS);
  }

  async send(keepalive) {
    try {
      const answer = await fetch(this.form.action, {
        method: 'POST', body: textsOf(this.form, this.seen), keepalive, headers: { Accept: 'application/json' },
      });
      const isTold = answer.headers.get('Content-Type')?.startsWith('application/json');
      this.take(answer.status, isTold ? await answer.json() : null);
      this.isFailing = false;
    } catch {
      this.isFailing = true;
      this.say(this.form.dataset.offline);
      this.isChanged = true;
      this.later(AGAIN_MS);
    }
  }

  take(status, told) {
    if (status === 200 && told) {
      this.seen = told.revision;
      this.say(told.said);
    } else if (status === 409 && typeof told?.revision === 'number') {
      this.stop();
      this.say(told.said, ' ', this.choice(this.form.dataset.look, () => window.location.assign(this.form.action)),
        ' ', this.choice(this.form.dataset.keep, () => this.overwrite(told.revision)));
    } else {
      this.stop();
      this.say(told?.said ?? this.form.dataset.failed);
    }
  }

  choice(words, act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn sp-btn';
    button.textContent = words;
    button.addEventListener('click', act);
    return button;
  }

  overwrite(revision) {
    this.seen = revision;
    this.isStopped = false;
    this.isChanged = true;
    this.save();
  }
}

/** Let every form that asks for it save itself. */
export function watchDrafts(root) {
  const drafts = new Map();
  const every = (act) => drafts.forEach(act);
  const about = (event, act) => {
    const draft = drafts.get(event.target.closest?.('form[data-draft]')?.id);
    if (draft) act(draft);
  };
  root.addEventListener('DOMContentLoaded', () => {
    root.querySelectorAll('form[data-draft]').forEach(({ id }) => drafts.set(id, new Draft(id)));
  });
  root.addEventListener('input', (event) => about(event, (draft) => draft.change()));
  root.addEventListener('change', (event) => about(event, (draft) => draft.change()));
  root.addEventListener('submit', (event) => about(event, (draft) => draft.handIn(event)));
  root.addEventListener('visibilitychange', () => root.hidden && every((draft) => draft.save(true)));
  window.addEventListener('online', () => every((draft) => draft.save()));
  window.addEventListener('beforeunload', (event) => {
    every((draft) => draft.save(true));
    if ([...drafts.values()].some((draft) => draft.isFailing && !draft.isStopped)) event.preventDefault();
  });
}
