"""`Idempotency-Key`: the same request gets the first answer (DESIGN §2)."""

from collections.abc import Callable
from typing import TypeVar

from flask import request
from sqlalchemy.exc import IntegrityError

from app.domain.canonical import content_hash
from app.domain.errors import Invalid
from app.domain.text import N_
from app.services.journal import RequestKey

HEADER = "Idempotency-Key"
LONGEST = 128
Answered = TypeVar("Answered")


def request_key() -> RequestKey | None:
    """Return the key of the request with what it stands for; raises Invalid for a key that cannot be one."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise Invalid.field(HEADER, N_("幂等键要用 1 到 %(most)d 个英文字母、数字或者符号。"), most=LONGEST)
    body = request.get_json(silent=True)
    # The hash is kept: a password in it could be guessed at leisure.
    said = {name: value for name, value in body.items() if name != "password"} if isinstance(body, dict) else body
    return RequestKey(key, content_hash({"method": request.method, "path": request.path, "body": said}))


def once(act: Callable[[RequestKey | None], Answered]) -> Answered:
    """Do what the request asks, once for its key.

    Two requests under one key that lock different things meet at the unique columns of the journal;
    the second try then finds the first one's answer.
    """
    key = request_key()
    try:
        return act(key)
    except IntegrityError:
        if key is None:
            raise
        return act(key)
