"""From a web process to the workers: a thread sends the jobs, so that no request waits for Redis."""

import logging
import threading
import time

from celery import Celery
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from tasks.broker import REACH_SECONDS, WORTH_SECONDS

logger = logging.getLogger(__name__)
# While Redis is away nobody knocks more often; what is missed meanwhile is found by the next tick.
PAUSE_SECONDS = 5.0
REST_SECONDS = 2.0
UNREACHABLE = (OSError, KombuError, RedisError)


class Messenger(threading.Thread):
    """Tells the workers that the outbox holds something: once for all that was put in meanwhile."""

    def __init__(self, queue: Celery) -> None:
        super().__init__(name="messenger", daemon=True)
        self._queue = queue
        self._nudged = threading.Event()

    def run(self) -> None:
        """Send a job for each nudge; where Redis is away, say so once and try again after a pause."""
        was_reached = True
        while self._nudged.wait():
            self._nudged.clear()
            is_reached = self._is_sent()
            if is_reached != was_reached:
                logger.warning("Redis is %s", "back" if is_reached else "away: the tick will find what is waiting")
            was_reached = is_reached
            # What is nudged for meanwhile goes along with the next job.
            time.sleep(REST_SECONDS if is_reached else PAUSE_SECONDS)
            if not is_reached:
                self._nudged.set()

    def nudge(self) -> None:
        """Let a worker hand out the outbox."""
        self._nudged.set()

    def is_reachable(self) -> bool:
        """Tell whether Redis answers."""
        try:
            with self._queue.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=REACH_SECONDS)
                connection.default_channel.client.ping()
        except UNREACHABLE:
            return False
        return True

    def _is_sent(self) -> bool:
        try:
            self._queue.send_task("dispatch", expires=WORTH_SECONDS, retry=False)
        except UNREACHABLE:
            return False
        return True
