"""What a confirmed list asks for, as its effects are carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.db.people import Organization
from app.domain.homeroom_lists import Line
from app.domain.identity import Actor


@dataclass(frozen=True)
class Order:
    """Who leads and assists which class of a school from a day on, and who confirmed it."""

    actor: Actor
    organization: Organization
    from_on: date
    lines: Sequence[Line]

    @property
    def last_on(self) -> date:
        """Return the last day of what was before."""
        return self.from_on - timedelta(days=1)
