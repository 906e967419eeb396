"""The rows of a bureau's year in words: what an auditor should look at, and what they may be narrowed to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.db.filings import FilingRun
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.filings import (
    BATCH_KIND_TITLES,
    DIFFERENCE_TITLES,
    ROW_STATUS_TITLES,
    ROW_VERDICT_TITLES,
    VERDICT_WANTED_TITLES,
    BatchKind,
    Difference,
    RowStatus,
    RowVerdict,
    VerdictWanted,
)
from app.domain.ranks import RANK_APPLICATION_KIND_TITLES, RankApplicationKind
from app.services.filings.row_lists import Place, RowView, Wanted, districts_among
from app.views.forms import member_of, options_of
from app.views.numbers import whole
from app.views.presenters.filings import corrected, row_state

Row = dict[str, Any]
VERDICT_KINDS: dict[RowVerdict, tuple[str, str | None]] = {
    RowVerdict.ACCEPT: ("ok", "check"),
    RowVerdict.RETURN: ("warn", "back"),
    RowVerdict.REFUSE: ("late", "x"),
}
# What is filed beside a year's list.
BESIDE = {kind: BATCH_KIND_TITLES[kind] for kind in (BatchKind.SUPPLEMENT, BatchKind.CORRECTION)}
ALL = "all"
STATUSES = (RowStatus.PASSED, RowStatus.REFUSED)
SHOWN = (*STATUSES, ALL)
NAMES = ("show", "district", "school", "difference", "verdict", "kind")


def filters_of(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the filters that an address names, as the next address carries them."""
    return {name: given[name] for name in NAMES if given.get(name)}


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """Return which rows an address asks for; what is no filter asks for nothing."""
    return Wanted(
        is_pending=given.get("show") not in SHOWN,
        status=RowStatus(given["show"]) if given.get("show") in STATUSES else None,
        kind=member_of(RankApplicationKind, given.get("kind")),
        batch_kind=member_of(BatchKind, given.get("kind")),
        school_id=_number(given.get("school")),
        district_id=_number(given.get("district")),
        verdict=member_of(VerdictWanted, given.get("verdict")),
        difference=member_of(Difference, given.get("difference")),
    )


def selects(run: FilingRun, places: Sequence[Place], given: Mapping[str, str]) -> list[Row]:
    """Return the lists to choose from; a city's schools are those of the district that is chosen."""
    districts = districts_among(places, run)
    chosen = _number(given.get("district"))
    schools = [(one.id, one.name) for one in places if chosen is None or one.above_id == chosen]
    found = [
        _select("show", _("看哪些"), _shown(), given),
        _select("district", _("区县"), [("", _("全部区县")), *districts.items()], given) if districts else None,
        _select("school", _("学校"), [("", _("全部学校")), *schools], given),
        _select("difference", _("和台账比"), [("", _("不论一致不一致")), *options_of(DIFFERENCE_TITLES)], given),
        _select("verdict", _("审核意见"), [("", _("全部意见")), *options_of(VERDICT_WANTED_TITLES)], given),
        _select("kind", _("种类"), [("", _("全部种类")), *_kinds()], given),
    ]
    return [one for one in found if one is not None]


def rows(found: Sequence[RowView]) -> list[Row]:
    """Return rows to audit, with what differs from last year."""
    return [_row(one) for one in found]


def _select(name: str, label: str, options: Sequence[tuple[Any, str]], given: Mapping[str, str]) -> Row:
    told = [(str(value), words) for value, words in options]
    return {"name": name, "label": label, "options": told, "value": given.get(name, "")}


def _kinds() -> list[tuple[str, str]]:
    """Return in which ways a rank is come by, and what is filed beside a year's list."""
    return [*options_of(RANK_APPLICATION_KIND_TITLES), *options_of(BESIDE)]


def _shown() -> list[tuple[str, str]]:
    statuses = [(one.value, _(ROW_STATUS_TITLES[one])) for one in STATUSES]
    return [("", _("待审核的")), *statuses, (ALL, _("审核过的也看"))]


def _number(text: str | None) -> int | None:
    try:
        return whole(text) if text else None
    except ValueError:
        return None


def _row(view: RowView) -> Row:
    row = view.row
    state = row_state(row)
    if row.verdict is not None:
        kind, icon = VERDICT_KINDS[row.verdict]
        state = (_("拟%(verdict)s", verdict=_(ROW_VERDICT_TITLES[row.verdict])), kind, icon)
    return {
        "id": row.id,
        "revision": row.revision,
        "name": row.name,
        "school": row.batch.organization.name,
        "is_late": row.batch.is_late,
        "filed_as": _(BESIDE[row.batch.kind]) if row.batch.kind in BESIDE else "",
        "rank": _(RANK_TITLES[Rank(row.rank)]),
        "kind": _(RANK_APPLICATION_KIND_TITLES[row.kind]),
        "before": _(RANK_TITLES[view.registered]) if view.registered else _("没有职级"),
        "flags": _flags(view),
        "reason": row.reason or "",
        "returned": row.particulars.get("returned") or "",
        "corrected": row.particulars.get("corrected") or "",
        "state": state,
        "is_open": row.status == RowStatus.PENDING,
        **corrected(row),
    }


def _flags(view: RowView) -> list[str]:
    """Return what an auditor should look at: what is not one step up from what the register has."""
    return [
        _("一次升 %(steps)d 档", steps=view.steps) if one == Difference.LEAP else _(DIFFERENCE_TITLES[one])
        for one in Difference
        if one in view.differences
    ]
