"""Playing many stories at once in the order of their instants, through the real services."""

from collections.abc import Generator, Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush

from app.domain import clock
from app.services.demo.world import World
from app.services.timing import ticks

# A story yields the instant at which it goes on; until the next yield the clock stands there.
Story = Generator[datetime, None, None]


def play(world: World, stories: Iterable[Story]) -> None:
    """Play stories to their ends, so that serial numbers and vouchers rise with time."""
    waiting = [(instant, place, story) for place, story in enumerate(stories) for instant in [next(story)]]
    heapify(waiting)
    while waiting:
        instant, place, story = heappop(waiting)
        with clock.frozen(instant):
            following = next(story, None)
            ticks.dispatch(world.session)
        if following is not None:
            heappush(waiting, (following, place, story))
