"""School years, named by the calendar year in which they begin: 2026 runs from September 2026 to August 2027."""

from datetime import date, timedelta

from app.domain.text import N_, Sentence, sentence

_BEGINS = 9
# From then on the office may plan the year that begins in September.
_PLANNED_FROM = 7


def school_year_of(day: date) -> int:
    """Return the school year in which a day lies."""
    return day.year if day.month >= _BEGINS else day.year - 1


def year_to_confirm(today: date) -> int:
    """Return the school year whose list of homeroom teachers is to be confirmed: the running one, in summer the next."""
    return today.year if today.month >= _PLANNED_FROM else today.year - 1


def first_day(school_year: int) -> date:
    """Return 1 September."""
    return date(school_year, _BEGINS, 1)


def last_day(school_year: int) -> date:
    """Return 31 August of the year after."""
    return first_day(school_year + 1) - timedelta(days=1)


def titled(school_year: int) -> Sentence:
    """Write a school year as people do: 2026—2027 学年."""
    return sentence(N_("%(from)d—%(until)d 学年"), **{"from": school_year, "until": school_year + 1})
