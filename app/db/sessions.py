"""Sessions that keep their connection: to take one from the pool for each step, and give it back, costs an eighth of it."""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


class KeepingSession(Session):
    """A session that stays with one connection from its first question until it is closed."""

    _kept: Connection | None = None

    def get_bind(self, *args: Any, **options: Any) -> Connection:
        """Return the connection that is kept."""
        if self._kept is None:
            engine = super().get_bind(*args, **options)
            assert isinstance(engine, Engine)  # noqa: S101 - whoever has a connection needs none kept
            self._kept = engine.connect()
        return self._kept

    def close(self) -> None:
        """Close the session, and give its connection back."""
        try:
            super().close()
        finally:
            kept, self._kept = self._kept, None
            if kept is not None:
                kept.close()
