"""When somebody in a story gets to it: working days and office hours, always forward."""

from datetime import datetime, timedelta

from app.domain import clock
from app.services.demo.world import World

A_LITTLE_LATER = timedelta(minutes=9)
# Who is at it when, as hours of the day; the rest at any time between lessons.
HOURS = {"legal": (8, 11), "deputy": (8, 11), "finance": (13, 15)}
ANY_HOUR = (9, 13)


class Diary:
    """The instants of one story, from so many working days before today on."""

    def __init__(self, world: World, back: int) -> None:
        self._world, self._back = world, back
        self._last: datetime | None = None

    def next(self, who: str, after: int = 0, at: str | None = None) -> datetime:
        """Return when a person goes on, `after` working days later, at a time such as 11:08 where it is given."""
        self._back -= after
        hour, minute = (int(part) for part in at.split(":")) if at else self._any_time(who)
        instant = clock.at(self._world.days.back(self._back), hour, minute)
        if self._last is not None and instant <= self._last:
            instant = self._last + A_LITTLE_LATER
        self._last = instant
        return instant

    def _any_time(self, who: str) -> tuple[int, int]:
        chance = self._world.chance
        return chance.randint(*HOURS.get(who, ANY_HOUR)), chance.randint(0, 59)
