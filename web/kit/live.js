// Counts that stay right while a page is open: <div data-live="/events" data-poll="/notifications/unread"> listens,
// [data-live-count="unread"] shows. Where a stream does not get through, the page asks now and then.

const POLL_MS = 45_000;
const SILENCE_MS = 20_000;

function words(count) {
  return count > 99 ? '99+' : String(count);
}

function show(badge, count) {
  badge.hidden = count === 0;
  badge.querySelector('span:not(.sp-vh)').textContent = words(count);
}

/** Listens for one page, and only while it is seen. */
class Live {
  constructor(place) {
    this.place = place;
    this.unread = null;
    this.isCut = false;
  }

  start() {
    if (this.isCut || !window.EventSource) this.poll();
    else this.listen();
  }

  stop() {
    this.source?.close();
    clearTimeout(this.timer);
  }

  listen() {
    this.source = new EventSource(this.place.dataset.live);
    this.source.addEventListener('message', ({ data }) => this.tell(JSON.parse(data)));
    this.source.addEventListener('open', () => this.expectWords());
    this.source.addEventListener('error', () => {
      if (this.source.readyState === EventSource.CLOSED) this.fallBack();
    });
    this.expectWords();
  }

  /** A proxy that gathers the answer lets nothing through: the first words must come soon. */
  expectWords() {
    clearTimeout(this.timer);
    if (this.unread === null) this.timer = setTimeout(() => this.fallBack(), SILENCE_MS);
  }

  fallBack() {
    this.stop();
    this.isCut = true;
    this.poll();
  }

  /** Ask once; who has signed out meanwhile gets an empty answer. */
  async poll() {
    try {
      const answer = await fetch(this.place.dataset.poll, { redirect: 'error' });
      if (answer.status === 200) this.tell(await answer.json());
    } catch {
      // Away for a moment: the next page says so.
    }
    this.timer = setTimeout(() => this.poll(), POLL_MS);
  }

  tell(news) {
    clearTimeout(this.isCut ? undefined : this.timer);
    for (const badge of document.querySelectorAll('[data-live-count]')) show(badge, news[badge.dataset.liveCount]);
    if (this.unread !== null && news.unread > this.unread) this.place.textContent = news.text;
    this.unread = news.unread;
  }
}

/** Keep the counts of a page right as long as it is in front. */
export function watchLive(root) {
  root.addEventListener('DOMContentLoaded', () => {
    const place = root.querySelector('[data-live]');
    if (!place) return;
    const live = new Live(place);
    const turn = () => (root.visibilityState === 'visible' ? live.start() : live.stop());
    root.addEventListener('visibilitychange', turn);
    window.addEventListener('pagehide', () => live.stop());
    turn();
  });
}
