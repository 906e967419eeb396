"""Studios as their register and their own pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.money import Studio
from app.db.people import Position
from app.db.queries.money import YearSums
from app.db.registers import StudioBalance, StudioGrade
from app.domain import clock
from app.domain.grades import GRADE_TITLES, Grade
from app.domain.money import yuan
from app.domain.vocabulary import STUDIO_LEVEL_TITLES, Role, StudioLevel
from app.services.studios.plans import Activity
from app.services.studios.studio_pages import Money, StudioPage
from app.services.studios.studio_register import StudioRow
from app.views.words import full_day, role_title

Row = dict[str, Any]
# In the order in which a studio names its people.
POSTS = (Role.STUDIO_HOST, Role.STUDIO_MENTOR, Role.STUDIO_MEMBER)
# Words, kind and icon of a state.
State = tuple[str, str, str | None]
GRADE_KINDS: Mapping[Grade, str] = {Grade.EXCELLENT: "ok", Grade.GOOD: "ok", Grade.UNQUALIFIED: "late"}


def row(found: StudioRow) -> Row:
    """Return a studio's row in the register."""
    studio = found.studio
    return {
        "name": studio.name,
        "url": url_for("studio_register.show", studio_id=studio.id),
        "organization": studio.organization.name,
        "hosts": "、".join(person.name for person in found.people(Role.STUDIO_HOST)),
        "members": len(found.people(Role.STUDIO_MEMBER)),
        "level": _(STUDIO_LEVEL_TITLES[StudioLevel(studio.level)]),
        "term": term(studio),
        "state": state(studio),
    }


def term(studio: Studio) -> str:
    """Write a studio's term."""
    return _("%(first)s—%(last)s", first=full_day(studio.from_on), last=full_day(studio.until_on))


def state(studio: Studio) -> State | None:
    """Return what is out of the ordinary: that a studio has not begun, or is over."""
    if studio.ended_on is not None:
        return _("已结束"), "", "stop"
    if studio.until_on < clock.today():
        return _("已到期"), "", "stop"
    return (_("未开始"), "", None) if studio.from_on > clock.today() else None


def line(studio: Studio) -> str:
    """Return the grey line under a studio's name."""
    level = _(STUDIO_LEVEL_TITLES[StudioLevel(studio.level)])
    return " · ".join((studio.organization.name, level, term(studio)))


def people(page: StudioPage) -> list[Row]:
    """Return the rows of a studio's people: host, mentor, members; a term of their own only where it is one."""
    studio, ordered = page.studio, sorted(page.posts, key=lambda post: POSTS.index(Role(post.role)))
    whole = {(studio.from_on, studio.until_on), (studio.from_on, None)}
    return [
        _post(post) | {"school": _school(page, post), "is_whole": (post.from_on, post.until_on) in whole}
        for post in ordered
    ]


def former(page: StudioPage) -> list[Row]:
    """Return the rows of those who left a studio, the last first."""
    return [_post(post) for post in sorted(page.former, key=lambda post: post.from_on, reverse=True)]


def months(activities: Sequence[Activity]) -> list[Row]:
    """Return what is planned, month by month."""
    return [
        {
            "title": _("%(year)d年%(month)d月", year=month.year, month=month.month),
            "names": [each.name for each in planned],
        }
        for month, planned in groupby(activities, key=lambda each: each.month)
    ]


def money(studio_id: int, found: Money) -> Row:
    """Return a studio's budgets by year, and what it had left before."""
    return {"years": [_year(studio_id, sums) for sums in found.years], "balances": list(map(_balance, found.balances))}


def grades(found: Iterable[StudioGrade]) -> list[Row]:
    """Return the rows of a studio's grades."""
    return [_grade(each) for each in found]


def _post(post: Position) -> Row:
    return {
        "name": post.person.name,
        "role": role_title(post.role),
        "term": _("%(first)s—%(last)s", first=full_day(post.from_on), last=full_day(post.until_on)),
    }


def _school(page: StudioPage, post: Position) -> str:
    """Return where somebody from elsewhere works; nothing for the studio's own school."""
    places = page.workplaces.get(post.person_id, ())
    return "、".join(place.name for place in places if place.id != page.studio.organization_id)


def _year(studio_id: int, sums: YearSums) -> Row:
    amounts = {name: yuan(getattr(sums, name)) for name in ("amount", "booked", "reserved", "available")}
    return {**amounts, "year": sums.year, "url": url_for("budgets.show", studio_id=studio_id, year=sums.year)}


def _balance(found: StudioBalance) -> str:
    return _("%(day)s结余 %(amount)s 元", day=full_day(found.as_of), amount=yuan(found.amount))


def _grade(found: StudioGrade) -> Row:
    grade = Grade(found.grade)
    return {
        "period": found.period,
        "state": (_(GRADE_TITLES[grade]), GRADE_KINDS.get(grade, "go"), "check" if grade in GRADE_KINDS else None),
        "on": full_day(found.graded_on),
        "issuer": found.issuer,
    }
