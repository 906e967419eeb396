"""Connections to PostgreSQL that wait in the pool: one that was lost meanwhile is noticed before it is used.

SQLAlchemy's own `pool_pre_ping` asks the server at every checkout, a third of what a step says to it.
"""

import select
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import QueuePool

# A connection that lay idle for longer is asked; a network that died says nothing by itself.
TRUSTED_SECONDS = 5
_SINCE = "idle_since"


class ServerPool(QueuePool):
    """Connections to a server, each looked after while it lies idle."""


@event.listens_for(ServerPool, "checkin")
def _note(_dbapi_connection: object, record: Any) -> None:
    """Note since when a connection lies idle."""
    record.info[_SINCE] = time.monotonic()


@event.listens_for(ServerPool, "checkout")
def _ask_in_doubt(dbapi_connection: Any, record: Any, _proxy: object) -> None:
    """Ask the server whether it is there, where the connection lay idle for long or has something to tell.

    A server that stops closes its connections, which each socket tells without a question.
    """
    since = record.info.get(_SINCE)
    if since is None or (time.monotonic() - since < TRUSTED_SECONDS and not _has_news(dbapi_connection)):
        return
    try:
        dbapi_connection.execute("")
    except type(dbapi_connection).Error as error:
        raise InvalidatePoolError from error


def _has_news(dbapi_connection: Any) -> bool:
    asked = select.poll()
    asked.register(dbapi_connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))
