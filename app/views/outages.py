"""What is nobody's fault: the database is away or busy, the disk is full. Nothing was done, and saying it again helps."""

import errno
import logging

from flask import Flask, Response, g, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app.domain.errors import NotFound
from app.domain.text import N_
from app.views.database import get_session
from app.views.errors import answer_error

logger = logging.getLogger(__name__)
AWAY, FULL = 503, 507
OUT_OF_RANGE = "22003"
RETRY_AFTER_S = "5"
UNREACHABLE = N_("数据库暂时连不上或者太忙，这一次没有办成。请过一会儿再试；填的内容先不要关。")
NO_ROOM = N_("服务器放文件的地方满了，这个文件没有存下来。请告诉管理员腾出地方，再上传一次。")
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def init_outages(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoConnection, _unreachable)
    app.register_error_handler(OSError, _disk)


def _database(error: DBAPIError) -> Response:
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return _unreachable(error)
    if getattr(error.orig, "sqlstate", None) == OUT_OF_RANGE:
        # A number that no row has: nothing is found under it.
        get_session().rollback()
        return answer_error(404, _(NotFound.message), {})
    raise error  # handled as any other fault


def _unreachable(error: Exception) -> Response:
    # The kind and the route alone: the statement holds what people typed.
    logger.error("the database failed at %s: %s", request.endpoint, type(error.__cause__ or error).__name__)
    g.actor = None  # the page is drawn without asking the database who is at it
    answer = answer_error(AWAY, _(UNREACHABLE), {})
    answer.headers["Retry-After"] = RETRY_AFTER_S
    return answer


def _disk(error: OSError) -> Response:
    if error.errno not in NO_SPACE:
        raise error  # handled as any other fault
    logger.error("no room on the disk at %s", request.endpoint)
    return answer_error(FULL, _(NO_ROOM), {})
