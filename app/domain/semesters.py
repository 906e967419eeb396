"""Semesters of a school year, written `2026-1`: the year in which the school year began, and which half of it."""

import re
from datetime import date

from app.domain.text import N_

# The second half begins after the Spring Festival, wherever that falls: plans for it are written from January on.
FIRST_BEGINS, SECOND_BEGINS = 8, 2
MONTHS = 12
TITLES = {"1": N_("%(from)d—%(until)d 学年第一学期"), "2": N_("%(from)d—%(until)d 学年第二学期")}
_WRITTEN = re.compile(r"(\d{4})-([12])")


def around(day: date) -> list[str]:
    """Return the semester in which a day lies and the one after it."""
    if day.month >= FIRST_BEGINS:
        return [f"{day.year}-1", f"{day.year}-2"]
    if day.month >= SECOND_BEGINS:
        return [f"{day.year - 1}-2", f"{day.year}-1"]
    return [f"{day.year - 1}-1", f"{day.year - 1}-2"]


def titled(semester: str) -> str:
    """Write a semester out; what is not one stays as it is."""
    match = _WRITTEN.fullmatch(semester)
    return TITLES[match[2]] % {"from": int(match[1]), "until": int(match[1]) + 1} if match else semester


def month_of(semester: str, month: str) -> date | None:
    """Return the first day of a month of the school year in which a semester lies; none where either is none."""
    match = _WRITTEN.fullmatch(semester)
    if match is None or not month.isdecimal() or not 1 <= int(month) <= MONTHS:
        return None
    begun = int(match[1])
    return date(begun if int(month) >= FIRST_BEGINS else begun + 1, int(month), 1)
