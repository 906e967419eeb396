"""Somebody who opens the inbox again and again over HTTP, and what that took."""

import json
import threading
import time
import urllib.request
from statistics import quantiles
from typing import Self

from bench.september.cities import PASSWORD

PAUSE_SECONDS = 0.05
IDLE_ROUNDS = 200
TIMEOUT_SECONDS = 120


class Probe(threading.Thread):
    """Reads one person's inbox until it is left; keeps the seconds of each answer."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(daemon=True)
        self._request = urllib.request.Request(f"{address}/api/v1/tasks")  # noqa: S310 - our own address
        self._request.add_header("Authorization", f"Bearer {token}")
        self._left = threading.Event()
        self.seconds: list[float] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()
        self.join()

    def run(self) -> None:
        """Read until it is left."""
        while not self._left.is_set():
            self._read()
            self._left.wait(PAUSE_SECONDS)

    def read(self, rounds: int) -> None:
        """Read so many times, here and now."""
        for _round in range(rounds):
            self._read()
            time.sleep(PAUSE_SECONDS)

    def _read(self) -> None:
        since = time.perf_counter()
        with urllib.request.urlopen(self._request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
            answer.read()
        self.seconds.append(time.perf_counter() - since)


def p95_ms(seconds: list[float]) -> float:
    """Return below which 95 of 100 answers stay."""
    return quantiles(seconds, n=20)[-1] * 1000 if len(seconds) > 1 else 0.0


def token_of(address: str, username: str) -> str:
    """Return a token of a person of the city."""
    asked = json.dumps({"username": username, "password": PASSWORD}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/api/v1/tokens", asked, headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
        return str(json.load(answer)["token"])
