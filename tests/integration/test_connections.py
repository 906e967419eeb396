"""How the platform talks to PostgreSQL: what the locks assume, and what the server itself ends."""

from pathlib import Path

import pytest
from flask import Response
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.db.engine import connect
from app.factory import create_app
from app.views.database import db


@pytest.fixture
def postgresql(empty_postgresql: str) -> Engine:
    return connect(empty_postgresql)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transaction_isolation", "read committed"),
        ("TimeZone", "UTC"),
        ("application_name", "shenpi"),
        ("lock_timeout", "30s"),
        ("statement_timeout", "1min"),
        ("idle_in_transaction_session_timeout", "2min"),
    ],
)
def test_a_connection_is_set_up(postgresql: Engine, name: str, value: str) -> None:
    with postgresql.connect() as connection:
        assert connection.execute(text(f"SHOW {name}")).scalar() == value
    postgresql.dispose()


def test_a_connection_that_the_server_ended_is_replaced(postgresql: Engine) -> None:
    with postgresql.connect() as connection:
        first = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    another = connect(postgresql.url.render_as_string(hide_password=False))
    with another.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    another.dispose()
    with postgresql.connect() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar() != first
    postgresql.dispose()


def test_whoever_waits_too_long_for_a_lock_is_told(postgresql: Engine) -> None:
    with postgresql.connect() as holder, postgresql.connect() as waiter:
        holder.execute(text("LOCK TABLE person IN ACCESS EXCLUSIVE MODE"))
        waiter.execute(text("SET LOCAL lock_timeout = 100"))
        with pytest.raises(OperationalError, match="lock timeout"):
            waiter.execute(text("SELECT count(*) FROM person"))
    postgresql.dispose()


def test_an_answer_that_is_made_outlives_its_connection(postgresql: Engine, tmp_path: Path) -> None:
    address = postgresql.url.render_as_string(hide_password=False)
    app = create_app(Settings(address, "0123456789abcdef0123456789abcdef", tmp_path))

    @app.after_request
    def _cut(answer: Response) -> Response:
        used = db.session.execute(text("SELECT pg_backend_pid()")).scalar()
        with postgresql.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": used})
        return answer

    for _ in range(2):
        assert app.test_client().get("/setup").status_code == 200
    with app.app_context():
        db.engine.dispose()
    postgresql.dispose()
