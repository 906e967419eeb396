"""Filings in words: a bureau's year with its schools and rows, and a school's own lists."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.filings import (
    BATCH_KIND_TITLES,
    BATCH_STATUS_TITLES,
    FILING_LEVEL_TITLES,
    MISSING,
    ROW_STATUS_TITLES,
    ROW_VERDICT_TITLES,
    STANDING_TITLES,
    BatchStatus,
    Channel,
    RowStatus,
    RowVerdict,
    Standing,
)
from app.domain.ranks import RANK_APPLICATION_KIND_TITLES
from app.domain.school_years import titled
from app.services.filings.listing import RowView
from app.services.filings.progress import SchoolStanding
from app.views.words import day, full_day

Row = dict[str, Any]
STANDING_KINDS: dict[Standing, tuple[str, str | None]] = {
    Standing.NOT_BEGUN: ("late", "alert"),
    Standing.IN_SCHOOL: ("", None),
    Standing.NO_APPLICANTS: ("ok", "check"),
    Standing.SUBMITTED: ("go", "play"),
    Standing.CORRECTING: ("warn", "back"),
    Standing.SETTLED: ("ok", "check"),
}
BATCH_KINDS: dict[BatchStatus, tuple[str, str | None]] = {
    BatchStatus.PREPARED: ("", None),
    BatchStatus.SUBMITTED: ("go", "play"),
    BatchStatus.CORRECTING: ("warn", "back"),
    BatchStatus.SETTLED: ("ok", "check"),
}
ROW_KINDS: dict[RowStatus, tuple[str, str | None]] = {
    RowStatus.PENDING: ("go", "play"),
    RowStatus.PASSED: ("ok", "check"),
    RowStatus.RETURNED: ("warn", "back"),
    RowStatus.REFUSED: ("late", "x"),
    RowStatus.EFFECTIVE: ("ok", "check"),
}
VERDICT_KINDS: dict[RowVerdict, tuple[str, str | None]] = {
    RowVerdict.ACCEPT: ("ok", "check"),
    RowVerdict.RETURN: ("warn", "back"),
    RowVerdict.REFUSE: ("late", "x"),
}


def title_of(run: FilingRun) -> str:
    """Return what a year is called."""
    return _("%(year)s班主任职级备案", year=titled(run.school_year).chinese())


def run_row(run: FilingRun) -> Row:
    """Return a year as a line of the list."""
    return {
        "year": titled(run.school_year).chinese(),
        "organization": run.organization.name,
        "url": url_for("filings.show", run_id=run.id),
        "state": (_("已结束"), "ok", "check") if run.ended_at else (_("办理中"), "go", None),
    }


def batch_row(batch: FilingBatch) -> Row:
    """Return a school's list as a line."""
    kind, icon = BATCH_KINDS[batch.status]
    return {
        "title": titled(batch.school_year).chinese(),
        "organization": batch.organization.name,
        "kind": _(BATCH_KIND_TITLES[batch.kind]),
        "submitted": day(batch.submitted_at),
        "is_late": batch.is_late,
        "is_paper": batch.channel == Channel.PAPER,
        "url": url_for("filings.show_list", batch_id=batch.id),
        "state": (_(BATCH_STATUS_TITLES[batch.status]), kind, icon),
    }


def list_row(row: FilingRow) -> Row:
    """Return a teacher on a school's list."""
    kind, icon = ROW_KINDS[row.status]
    where = _(FILING_LEVEL_TITLES[row.level]) if row.status == RowStatus.PENDING else ""
    return {
        "name": row.name,
        "rank": _(RANK_TITLES[Rank(row.rank)]),
        "held": _(RANK_TITLES[Rank(row.held)]) if row.held else _("没有职级"),
        "kind": _(RANK_APPLICATION_KIND_TITLES[row.kind]),
        "number": row.filing_number or "",
        "effective": full_day(row.effective_on) if row.effective_on else "",
        "reason": row.reason or "",
        "where": where,
        "state": (_(ROW_STATUS_TITLES[row.status]), kind, icon),
    }


def figures(found: Sequence[SchoolStanding], left: int | None) -> list[Row]:
    """Return the totals of a year, each with its denominator."""
    counts, total = Counter(one.standing for one in found), len(found)
    filed = total - missing(found)
    shown: list[Row] = [
        {"label": _("已报 / 应报（所）"), "value": filed, "of": total},
        {"label": _("其中已备案"), "value": counts[Standing.SETTLED], "of": total},
        {"label": _("退回补正"), "value": counts[Standing.CORRECTING], "of": total},
        {"label": _("没有报"), "value": total - filed, "of": total, "kind": "late" if total > filed else ""},
    ]
    return [*shown, _left(left)] if left is not None else shown


def missing(found: Sequence[SchoolStanding]) -> int:
    """Return how many schools have not filed."""
    return sum(one.standing in MISSING for one in found)


def school_rows(found: Sequence[SchoolStanding]) -> list[Row]:
    """Return the schools, those that have not filed first."""
    order = {standing: place for place, standing in enumerate(Standing)}
    return [
        {"name": one.name, "above": one.above, "is_late": one.is_late, "state": _standing(one.standing)}
        for one in sorted(found, key=lambda one: order[one.standing])
    ]


def rows(found: Sequence[RowView]) -> list[Row]:
    """Return rows to audit, with what differs from last year."""
    return [_row(one) for one in found]


def deadline(run: FilingRun, last: Any) -> str:
    """Say until when lists are filed."""
    return _("%(organization)s · %(day)s截止", organization=run.organization.name, day=day(last)) if last else ""


def _left(left: int) -> Row:
    if left < 0:
        return {"label": _("已过截止（工作日）"), "value": -left, "kind": "late"}
    return {"label": _("距截止（工作日）"), "value": left}


def _standing(standing: Standing) -> tuple[str, str, str | None]:
    kind, icon = STANDING_KINDS[standing]
    return _(STANDING_TITLES[standing]), kind, icon


def _row(view: RowView) -> Row:
    row = view.row
    kind, icon = ROW_KINDS[row.status]
    state = (_(ROW_STATUS_TITLES[row.status]), kind, icon)
    if row.verdict is not None:
        kind, icon = VERDICT_KINDS[row.verdict]
        state = (_("拟%(verdict)s", verdict=_(ROW_VERDICT_TITLES[row.verdict])), kind, icon)
    return {
        "id": row.id,
        "revision": row.revision,
        "name": row.name,
        "school": row.batch.organization.name,
        "is_late": row.batch.is_late,
        "rank": _(RANK_TITLES[Rank(row.rank)]),
        "kind": _(RANK_APPLICATION_KIND_TITLES[row.kind]),
        "before": _(RANK_TITLES[view.registered]) if view.registered else _("没有职级"),
        "flags": _flags(view) if row.status != RowStatus.EFFECTIVE else [],
        "reason": row.reason or "",
        "corrected": row.particulars.get("corrected") or "",
        "state": state,
        "is_open": row.status == RowStatus.PENDING,
    }


def _flags(view: RowView) -> list[str]:
    """Return what an auditor should look at: what is not one step up from what the register has."""
    found = []
    if view.differs:
        found.append(_("原职级和台账不一致"))
    if view.registered and view.steps == 0:
        found.append(_("和去年相同"))
    elif view.registered and view.steps < 0:
        found.append(_("比去年低"))
    elif view.steps > 1:
        found.append(_("一次升 %(steps)d 档", steps=view.steps))
    return found
