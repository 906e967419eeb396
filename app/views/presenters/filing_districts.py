"""The districts of a city in words: what lies with each, by when it sums up, and which are late."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.services.filings.lateness import DistrictStanding
from app.views.words import day


def district_rows(found: Sequence[DistrictStanding]) -> list[dict[str, Any]]:
    """Return the districts, the latest first."""
    return [
        {
            "name": one.run.organization.name,
            "rows": one.rows,
            "answer_by": day(one.answer_by) if one.answer_by else "",
            "state": _state(one),
        }
        for one in sorted(found, key=lambda one: -one.days_late)
    ]


def urge_words(missing: int, districts: Sequence[DistrictStanding]) -> str:
    """Say whom a bureau may urge; nothing where everybody is in time."""
    late = sum(bool(one.days_late) for one in districts)
    if missing and late:
        return _("催办没有报的 %(count)d 所、逾期的 %(late)d 个区县", count=missing, late=late)
    if late:
        return _("催办逾期的 %(late)d 个区县", late=late)
    return _("催办没有报的 %(count)d 所", count=missing) if missing else ""


def urged(schools: int, districts: int) -> str:
    """Say who was urged."""
    if districts:
        return _("已催办 %(count)d 所学校、%(late)d 个区县。", count=schools, late=districts)
    return _("已催办 %(count)d 所学校。", count=schools)


def _state(one: DistrictStanding) -> tuple[str, str, str | None]:
    if one.days_late:
        return _("逾期 %(days)d 个工作日", days=one.days_late), "late", "alert"
    if one.rows:
        return _("审核汇总中"), "go", "play"
    if one.run.aggregated_at is not None:
        return _("已汇总上报"), "ok", "check"
    return _("等学校报名单"), "", None
