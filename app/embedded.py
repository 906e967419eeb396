"""One process that serves and ticks: what a school runs without Redis and workers."""

import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import waitress
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from waitress.server import BaseWSGIServer

from app.config import ConfigurationError
from app.db.sessions import KeepingSession
from app.services.files import attachment_files
from app.services.telling import sendings
from app.services.telling.channels import Channels
from app.services.timing import ticks

logger = logging.getLogger(__name__)
# Those for requests, and those that open streams may hold (views/streams.py).
THREADS = 16
TICK_SECONDS = 15.0
REST_SECONDS = 0.5
LONGEST_GOODBYE = 5.0


class Postman(threading.Thread):
    """Sends what leaves the platform, apart from the ticker: a slow server must not hold up the deadlines."""

    def __init__(self, engine: Engine, channels: Channels) -> None:
        super().__init__(name="postman", daemon=True)
        self._engine, self._channels = engine, channels
        self._stopped = threading.Event()

    def run(self) -> None:
        """Send what is due every quarter of a minute; a round that fails is logged."""
        while not self._stopped.wait(TICK_SECONDS):
            try:
                with Session(self._engine) as session:
                    sendings.send_due(session, self._channels)
            except Exception:
                logger.exception("a round of the postman failed")

    def stop(self) -> None:
        """End with the mail at hand; one that takes longer is sent again after the next start."""
        self._stopped.set()
        self.join(LONGEST_GOODBYE)


class Ticker(threading.Thread):
    """Hands out the outbox as soon as it is nudged, and ticks every quarter of a minute, until it is stopped."""

    def __init__(self, engine: Engine, attachments_dir: Path, channels: Channels) -> None:
        super().__init__(name="ticker", daemon=True)
        self._engine, self._attachments_dir = engine, attachments_dir
        self._postman = Postman(engine, channels)
        self._nudged = threading.Event()
        self._is_stopped = False

    def run(self) -> None:
        """Work in rounds; a round that fails is logged and the next tick tries again."""
        self._postman.start()
        next_tick = time.monotonic()
        while not self._is_stopped:
            self._nudged.wait(max(0.0, next_tick - time.monotonic()))
            self._nudged.clear()
            is_tick = time.monotonic() >= next_tick
            try:
                self._round(is_tick=is_tick)
            except Exception:
                logger.exception("a round of the ticker failed")
            if is_tick:
                next_tick = time.monotonic() + TICK_SECONDS
            # What comes meanwhile is handled together.
            time.sleep(REST_SECONDS)
        self._postman.stop()

    def nudge(self) -> None:
        """Let the outbox be handed out now."""
        self._nudged.set()

    def is_reachable(self) -> bool:
        """Tell whether the thread works."""
        return self.is_alive()

    def stop(self) -> None:
        """End after the present round."""
        self._is_stopped = True
        self._nudged.set()
        self.join()

    def _round(self, *, is_tick: bool) -> None:
        with KeepingSession(self._engine) as session:
            if is_tick:
                handled = ticks.tick(session)["outbox"]
                attachment_files.sweep(session, self._attachments_dir)
            else:
                handled = ticks.catch_up(session)
        if handled >= ticks.MOST_IN_A_ROW:
            # The rest comes in the next round, which may be that of the timers.
            self.nudge()


def bound(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Take the address to serve on. Raises ConfigurationError where another program has it."""
    try:
        return waitress.create_server(app, host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        raise _taken(host, port) from error


def require_free(host: str, port: int) -> None:
    """Find out early, before a database is built, that another program has the address. Raises ConfigurationError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise _taken(host, port) from error


def _taken(host: str, port: int) -> ConfigurationError:
    return ConfigurationError(f"不能在 {host}:{port} 上打开，多半是别的程序占用了。请用 --port 换一个端口。")


def serve(server: BaseWSGIServer, ticker: Ticker, before_end: Callable[[], None]) -> None:
    """Serve until interrupted or told to end; the ticker finishes its round."""

    def end(_number: int, _frame: FrameType | None) -> None:
        # As on Ctrl+C: waitress closes its sockets, then what stands in `finally` runs.
        before_end()
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    ticker.start()
    try:
        server.run()
    finally:
        server.close()
        ticker.stop()
