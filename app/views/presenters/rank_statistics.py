"""The statistics of ranks as a page shows them: totals with their denominators, bars, a row for each unit."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.people import Organization
from app.domain.dossiers import RANK_TITLES, Rank
from app.services.ranks.statistics import Unit
from app.services.ranks.statistics_sheets import counts

# What stands where nothing is known, or nothing is told.
UNKNOWN = "—"
# Of the drawing of bars: where the first begins, how far apart they are, how long the longest is.
TOP, STEP, LONGEST = 11, 30, 210
JUNIOR = Rank.JUNIOR_2, Rank.JUNIOR_1
INTERMEDIATE = Rank.INTERMEDIATE_2, Rank.INTERMEDIATE_1
SENIOR = Rank.SENIOR_2, Rank.SENIOR_1


def figures(total: Unit) -> list[dict[str, Any]]:
    """Return the totals, each of those whom it is taken of."""
    of = f"{total.shown:,}"
    return [
        {"label": _("有职级的班主任（人）"), "value": f"{sum(total.by_rank.values()):,}", "of": of},
        *(
            {"label": label, "value": f"{sum(total.by_rank.get(rank, 0) for rank in ranks):,}", "of": of}
            for label, ranks in ((_("初级"), JUNIOR), (_("中级"), INTERMEDIATE), (_("高级"), SENIOR))
        ),
        {
            "label": _("名单确认了的学校（所）"),
            "value": total.confirmed,
            "of": total.schools,
            "kind": "warn" if total.confirmed < total.schools else "",
        },
    ]


def bars(total: Unit) -> list[dict[str, Any]]:
    """Return a bar for each rank and for those without one."""
    counted = [*((str(_(title)), total.by_rank.get(rank, 0)) for rank, title in RANK_TITLES.items())]
    counted.append((_("没有职级"), total.unranked))
    most = max((count for _label, count in counted), default=0) or 1
    return [
        {"label": label, "count": count, "y": TOP + STEP * place, "width": round(LONGEST * count / most)}
        for place, (label, count) in enumerate(counted)
    ]


def bars_words(total: Unit) -> str:
    """Return what the bars say."""
    said = "，".join(_("%(label)s %(count)d 人", label=bar["label"], count=bar["count"]) for bar in bars(total))
    return _("各职级人数：%(said)s", said=said)


def row(unit: Unit, as_of: date, asked: Organization) -> dict[str, Any]:
    """Return a unit's row; one that has units of its own, or is not what was asked for, leads to them."""
    told = counts(unit)
    is_asked = unit.organization.id == asked.id
    url = url_for("statistics.ranks", organization=unit.organization.id, as_of=as_of.isoformat())
    return {
        "name": unit.organization.name,
        "url": "" if is_asked else url,
        "lists": f"{unit.confirmed} / {unit.schools}",
        "homeroom_teachers": _figure(told["homeroom_teachers"]),
        "ranks": [_figure(told[rank]) for rank in RANK_TITLES],
        "unranked": _figure(told["unranked"]),
        "withheld": unit.withheld,
    }


def _figure(count: int | None) -> str:
    return UNKNOWN if count is None else f"{count:,}"
