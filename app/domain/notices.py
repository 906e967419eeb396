"""Public notices 公示: what they say, whom a change concerns, and how long a name has to stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain import canonical, clock
from app.domain.calendar import ONE_DAY, Calendar
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind

WORKING_DAYS = "notice.working_days"
SCOPE = "notice.scope"
A_MOMENT = timedelta(seconds=1)


class NoticeStatus(StrEnum):
    """How far a notice has come; emptied is one that every name has left."""

    DRAFTED = "drafted"
    POSTED = "posted"
    ENDED = "ended"
    EMPTIED = "emptied"
    TAKEN_DOWN = "taken_down"


NOTICE_STATUS_TITLES: dict[NoticeStatus, str] = {
    NoticeStatus.DRAFTED: N_("拟稿"),
    NoticeStatus.POSTED: N_("公示中"),
    NoticeStatus.ENDED: N_("已结束"),
    NoticeStatus.EMPTIED: N_("已结束"),
    NoticeStatus.TAKEN_DOWN: N_("已撤下"),
}
# What whoever belongs to its audience may read.
PUBLISHED = frozenset({NoticeStatus.POSTED, NoticeStatus.ENDED, NoticeStatus.EMPTIED})


class Standing(StrEnum):
    """What is to be done about a posted notice: wait, change it, or end it."""

    UP = "up"
    CHANGING = "changing"
    OVER = "over"
    EMPTIED = "emptied"


class NoticeScope(StrEnum):
    """Who shall see a notice: the school, or all below a bureau."""

    SCHOOL = "school"
    DISTRICT = "district"
    CITY = "city"


NOTICE_SCOPE_TITLES: dict[NoticeScope, str] = {
    NoticeScope.SCHOOL: N_("全校"),
    NoticeScope.DISTRICT: N_("全区"),
    NoticeScope.CITY: N_("全市"),
}
# Widest last: a notice of a bureau is never for fewer than those below the bureau.
_WIDTH = {
    OrganizationKind.SCHOOL: NoticeScope.SCHOOL,
    OrganizationKind.DISTRICT: NoticeScope.DISTRICT,
    OrganizationKind.CITY: NoticeScope.CITY,
}
_SCOPES = tuple(NoticeScope)


def scope_in(kind: OrganizationKind, wanted: NoticeScope) -> NoticeScope:
    """Return how far a notice of an organisation of a kind goes, where a rule wants a scope."""
    return max(wanted, _WIDTH[kind], key=_SCOPES.index)


@dataclass(frozen=True)
class Line:
    """A name on a notice, and what stands behind it."""

    person_id: int
    name: str
    line: str


@dataclass(frozen=True)
class Content:
    """What a notice says: what its fingerprint is of."""

    title: str
    intro: str
    signed_by: str
    lines: tuple[Line, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the content as JSON has it."""
        names = [{"person": one.person_id, "name": one.name, "line": one.line} for one in self.lines]
        return {"title": self.title, "intro": self.intro, "signed_by": self.signed_by, "names": names}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Content":
        """Read what `as_data` gave."""
        lines = tuple(Line(one["person"], one["name"], one["line"]) for one in data["names"])
        return cls(data["title"], data["intro"], data["signed_by"], lines)

    @property
    def content_hash(self) -> str:
        """Return the fingerprint in full."""
        return canonical.content_hash(self.as_data())


def concerned(before: Content, after: Content) -> frozenset[int]:
    """Return whose period begins anew: who is new or stands there otherwise; another text concerns everybody."""
    is_same = (before.title, before.intro, before.signed_by) == (after.title, after.intro, after.signed_by)
    stood = set(before.lines) if is_same else set[Line]()
    return frozenset(one.person_id for one in after.lines if one not in stood)


@dataclass(frozen=True)
class Period:
    """From the day of posting, which does not count, to the end of the last working day."""

    from_on: date
    until_on: date
    is_provisional: bool = False

    @property
    def ends_at(self) -> datetime:
        """Return the last instant at which an objection is in time."""
        return ends_at(self.until_on)


def period(from_on: date, working_days: int, calendar: Calendar) -> Period:
    """Return how long a name stands that was posted on a day."""
    last = calendar.add_working_days(from_on, working_days)
    return Period(from_on, last.on, last.is_provisional)


def ends_at(until_on: date) -> datetime:
    """Return the last second of a day, as a deadline that names a day means it."""
    return clock.at(until_on + ONE_DAY) - A_MOMENT


def is_over(until_on: date, at: datetime) -> bool:
    """Tell whether a name has stood to the end of its last day."""
    return at >= ends_at(until_on)


@dataclass(frozen=True)
class Day:
    """A day of a period: which working day it is, counted from 1, or none."""

    on: date
    number: int | None


def days(of: Period, calendar: Calendar) -> Sequence[Day]:
    """Return the days of a period, the day of posting first."""
    found, number = [Day(of.from_on, None)], 0
    for n in range(1, (of.until_on - of.from_on).days + 1):
        on = of.from_on + ONE_DAY * n
        is_working = calendar.is_working_day(on).is_working
        number += is_working
        found.append(Day(on, number if is_working else None))
    return found
