"""Streams of server-sent events: a few per process, short, and one look at the database for all of them.

A stream holds a thread of the server, so there are at most `MOST` of them and each ends after half a minute; whoever
finds no place is answered at once and told to come again later (docs/adr/0016).
"""

import logging
import queue
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

logger = logging.getLogger(__name__)
MOST = 8
LIFE_SECONDS = 25.0
LOOK_SECONDS = 1.5
HEARTBEAT_SECONDS = 5.0
SOON_MS, LATER_MS = 2_000, 30_000


class Source(Protocol):
    """Where streams hear of changes; another one, such as a channel of Redis, needs these two methods."""

    def marks(self, people: Collection[int]) -> Mapping[int, str]:
        """Return a mark for each person that changes whenever there is something to tell."""

    def told(self, person_id: int) -> str:
        """Return what a person's pages are told now, as JSON."""


@dataclass
class Stream:
    """One open page of a person; what is put into the queue goes out, None ends it."""

    person_id: int
    # What its page has heard last.
    mark: str
    waiting: "queue.SimpleQueue[str | None]" = field(default_factory=queue.SimpleQueue)


class Streams:
    """The open streams of a process, and the thread that looks for them as long as there are any."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: dict[int, Stream] = {}
        self._lock = threading.Lock()
        self._looker: threading.Thread | None = None
        self._is_closed = False

    def close(self) -> None:
        """End all streams and open no more: the server is about to end."""
        with self._lock:
            self._is_closed = True
            for stream in self._open.values():
                stream.waiting.put(None)

    def enter(self, person_id: int, mark: str) -> Stream | None:
        """Open a stream, or return None where there is no place; a person's earlier one ends: that page was left."""
        with self._lock:
            before = self._open.get(person_id)
            if self._is_closed or (before is None and len(self._open) >= MOST):
                return None
            if before is not None:
                before.waiting.put(None)
            self._open[person_id] = Stream(person_id, mark)
            if self._looker is None:
                self._looker = threading.Thread(target=self._look_on, name="streams", daemon=True)
                self._looker.start()
            return self._open[person_id]

    def leave(self, stream: Stream) -> None:
        """Close a stream."""
        with self._lock:
            if self._open.get(stream.person_id) is stream:
                del self._open[stream.person_id]

    def lines(self, stream: Stream) -> Iterator[str]:
        """Yield what goes out on a stream until its time is over."""
        until = time.monotonic() + LIFE_SECONDS
        yield f"retry: {SOON_MS}\n\n"
        while (left := until - time.monotonic()) > 0:
            try:
                line = stream.waiting.get(timeout=min(left, HEARTBEAT_SECONDS))
            except queue.Empty:
                # Shows the server whether anybody still listens.
                line = ":\n\n"
            if line is None:
                yield f"retry: {LATER_MS}\n\n"
                return
            yield line

    def _look_on(self) -> None:
        while self._has_streams():
            time.sleep(LOOK_SECONDS)
            try:
                self._look()
            except Exception:
                logger.exception("a look for the streams failed")

    def _has_streams(self) -> bool:
        with self._lock:
            if not self._open:
                self._looker = None
            return bool(self._open)

    def _look(self) -> None:
        with self._lock:
            streams = list(self._open.values())
        marks = self._source.marks([stream.person_id for stream in streams])
        for stream in streams:
            if marks[stream.person_id] != stream.mark:
                stream.mark = marks[stream.person_id]
                stream.waiting.put(event(stream.mark, self._source.told(stream.person_id)))


def event(mark: str, data: str) -> str:
    """Write an event; the browser hands its id back when it comes again."""
    return f"id: {mark}\ndata: {data}\n\n"
