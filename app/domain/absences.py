"""Who stands in for whom: chains of absences, at most three long and never round in a circle.

An absence is a link from a principal to a substitute, for a span of time and for some processes or all.
A chain holds where the spans and the processes of all its links meet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_LINKS = 3
# None stands for all processes.
Processes = frozenset[str] | None


class Fault(StrEnum):
    """Why an absence cannot stand beside those that are there."""

    DOUBLE = "double"
    CIRCLE = "circle"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Meeting:
    """The time and the processes that some links have in common."""

    begins_at: datetime
    until_at: datetime
    processes: Processes

    def __bool__(self) -> bool:
        """Tell whether anything is left in common."""
        return self.begins_at < self.until_at and self.processes != frozenset()


@dataclass(frozen=True)
class Link:
    """A principal's tasks reach a substitute, from an instant until before another."""

    principal: int
    substitute: int
    begins_at: datetime
    until_at: datetime
    processes: Processes = None

    @property
    def span(self) -> Meeting:
        """Return when and for what the link holds."""
        return Meeting(self.begins_at, self.until_at, self.processes)


@dataclass(frozen=True)
class Chain:
    """Links by which a principal's tasks reach a substitute, in this order."""

    links: tuple[Link, ...]

    @property
    def principal(self) -> int:
        """Return whose tasks they are."""
        return self.links[0].principal

    @property
    def through(self) -> tuple[int, ...]:
        """Return the people between the two: substitutes who are away themselves."""
        return tuple(link.substitute for link in self.links[:-1])

    @property
    def span(self) -> Meeting:
        """Return when and for what all links hold."""
        span = self.links[0].span
        for link in self.links[1:]:
            span = meeting(span, link.span)
        return span


def shared(one: Processes, other: Processes) -> Processes:
    """Return the processes that two sets have in common."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def meeting(one: Meeting, other: Meeting) -> Meeting:
    """Return what two spans have in common; it may be nothing."""
    begins_at, until_at = max(one.begins_at, other.begins_at), min(one.until_at, other.until_at)
    return Meeting(begins_at, until_at, shared(one.processes, other.processes))


def chains_to(links: Iterable[Link], person: int) -> Iterator[Chain]:
    """Yield the chains by which others' tasks reach a person; a circle ends where it closes."""
    known = list(links)
    begun: list[tuple[Link, ...]] = [()]
    while begun:
        links_so_far = begun.pop()
        first = links_so_far[0].principal if links_so_far else person
        passed = {person, *(link.principal for link in links_so_far)}
        for link in known:
            if link.substitute != first or link.principal in passed:
                continue
            found = Chain((link, *links_so_far))
            if found.span:
                yield found
                if len(found.links) < MOST_LINKS:
                    begun.append(found.links)


def fault(links: Sequence[Link], new: Link) -> Fault | None:
    """Return why a new link cannot stand beside others: the same person twice, a circle, or too long a chain."""
    if any(link.principal == new.principal and meeting(link.span, new.span) for link in links):
        return Fault.DOUBLE
    below = list(_walks(links, new.substitute, new.span, is_upwards=False))
    if any(last == new.principal for _length, _span, last in below):
        return Fault.CIRCLE
    longest = max(
        length + 1 + length_above
        for length, span, _last in below
        for length_above, _span, _last in _walks(links, new.principal, span, is_upwards=True)
    )
    return Fault.TOO_LONG if longest > MOST_LINKS else None


def _walks(
    links: Sequence[Link], person: int, span: Meeting, *, is_upwards: bool
) -> Iterator[tuple[int, Meeting, int]]:
    """Yield how far one comes from a person: number of links, what they have in common, and who stands there."""
    begun = [(0, span, person)]
    while begun:
        length, held, here = begun.pop()
        yield length, held, here
        for link in links:
            near, far = (link.substitute, link.principal) if is_upwards else (link.principal, link.substitute)
            common = meeting(held, link.span)
            if near == here and common and length < MOST_LINKS:
                begun.append((length + 1, common, far))
