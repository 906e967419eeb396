"""Filings in words: a bureau's year with its schools and rows, and a school's own lists."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.filings import FilingBatch, FilingLetter, FilingRow, FilingRun
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.filings import (
    BATCH_KIND_TITLES,
    BATCH_STATUS_TITLES,
    DONE,
    FILING_LEVEL_TITLES,
    MISSING,
    ROW_STATUS_TITLES,
    STANDING_TITLES,
    WITHDRAWN,
    BatchStatus,
    FilingLevel,
    RowStatus,
    Standing,
)
from app.domain.ranks import RANK_APPLICATION_KIND_TITLES
from app.domain.school_years import titled
from app.services.filings import corrections
from app.services.filings.progress import SchoolStanding
from app.views.words import day, full_day

Row = dict[str, Any]
STANDING_KINDS: dict[Standing, tuple[str, str | None]] = {
    Standing.NOT_BEGUN: ("late", "alert"),
    Standing.IN_SCHOOL: ("", None),
    Standing.NO_APPLICANTS: ("ok", "check"),
    Standing.SUBMITTED: ("go", "play"),
    Standing.PASSED: ("go", "check"),
    Standing.REPORTED: ("go", "up"),
    Standing.CORRECTING: ("warn", "back"),
    Standing.SETTLED: ("ok", "check"),
    Standing.CLOSED: ("", None),
    Standing.NOT_ADOPTED: ("", None),
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
        "url": url_for("filings.show_list", batch_id=batch.id),
        "state": (_(BATCH_STATUS_TITLES[batch.status]), kind, icon),
    }


def list_row(row: FilingRow, mended: Mapping[str, Any] | None = None) -> Row:
    """Return a teacher on a school's list, as the office mends the row while the principal is asked to sign that."""
    where = _(FILING_LEVEL_TITLES[row.level]) if row.status == RowStatus.PENDING else ""
    return {
        "name": row.name,
        "rank": _(RANK_TITLES[Rank(row.rank)]),
        "held": _(RANK_TITLES[Rank(row.held)]) if row.held else _("没有职级"),
        "kind": _(RANK_APPLICATION_KIND_TITLES[row.kind]),
        "number": row.filing_number or "",
        "effective": full_day(row.effective_on) if row.effective_on else "",
        "reason": row.reason or "",
        **corrected(row),
        "where": where,
        "state": row_state(row),
        **(_mended(row, mended) if mended else {}),
    }


def _mended(row: FilingRow, told: Mapping[str, Any]) -> Row:
    words = _("拟撤下，等校长签字") if told.get("rank") == WITHDRAWN else _("已补正，等校长签字")
    why = corrections.why(row)
    return {"reason": corrections.corrected(row, told) or "", "returned": why, "state": (words, "go", "pen")}


def row_state(row: FilingRow) -> tuple[str, str, str | None]:
    """Return where a row stands; one that its school takes off the list was refused by nobody."""
    if row.status == RowStatus.REFUSED and row.confirmed_by_id is None:
        return _("学校撤下"), "", "stop"
    return _(ROW_STATUS_TITLES[row.status]), *ROW_KINDS[row.status]


def letter_row(letter: FilingLetter) -> Row:
    """Return what a district sent to a city that is not on the platform."""
    return {
        "line": _(
            "%(day)s汇总 · %(serial)s",
            day=day(letter.sent_at),
            serial=letter.instance.serial if letter.instance else "",
        ),
        "paper_url": url_for("filings.letter", letter_id=letter.id),
        "case_url": url_for("cases.show", instance_id=letter.instance_id),
    }


def figures(found: Sequence[SchoolStanding], level: FilingLevel) -> list[Row]:
    """Return the totals of a bureau's year, each with its denominator."""
    counts, late = Counter(one.standing for one in found), missing(found)
    total = len(found) - counts[Standing.NOT_ADOPTED]
    waiting = sum(one.waits_with == level for one in found)
    return [
        {"label": _("已报 / 应报（所）"), "value": total - late, "of": total},
        {"label": _("等审核、汇总"), "value": waiting, "of": total - late, "kind": "warn" if waiting else ""},
        {"label": _("已备案、无申报"), "value": sum(counts[one] for one in DONE), "of": total},
        {"label": _("没有报"), "value": late, "of": total, "kind": "late" if late else ""},
    ]


def missing(found: Sequence[SchoolStanding]) -> int:
    """Return how many schools have not filed."""
    return sum(one.standing in MISSING for one in found)


def without_review(found: Sequence[SchoolStanding]) -> Row:
    """Return the schools that have not adopted the review by the bureau above them, and how many they are."""
    names: dict[str, list[str]] = {}
    for one in found:
        if one.standing == Standing.NOT_ADOPTED:
            names.setdefault(one.above, []).append(one.name)
    return {"count": sum(map(len, names.values())), "names": names}


def school_rows(found: Sequence[SchoolStanding]) -> list[Row]:
    """Return the schools as they are told, each with the way to its list."""
    return [
        {
            "name": one.name,
            "above": one.above,
            "is_late": one.is_late,
            "url": url_for("filings.show_list", batch_id=one.batch_id) if one.batch_id else "",
            "state": _standing(one.standing),
        }
        for one in found
    ]


def deadline(run: FilingRun, last: date | None, left: int) -> str:
    """Say until when lists are filed, and how many working days that is."""
    if last is None:
        return run.organization.name
    told = {"organization": run.organization.name, "day": day(last), "left": abs(left)}
    if left < 0:
        return _("%(organization)s · %(day)s截止，已过 %(left)d 个工作日", **told)
    return _("%(organization)s · %(day)s截止，还有 %(left)d 个工作日", **told)


def _standing(standing: Standing) -> tuple[str, str, str | None]:
    kind, icon = STANDING_KINDS[standing]
    return _(STANDING_TITLES[standing]), kind, icon


def corrected(row: FilingRow) -> Row:
    """Return what a correction makes of a filed rank, and why; nothing for other rows."""
    entry = row.corrects
    if entry is None:
        return {}
    held = _(RANK_TITLES[Rank(str(entry.category))])
    rank = _("划销") if row.is_void else _(RANK_TITLES[Rank(row.rank)])
    told = row.particulars
    why = _("%(wrong)s。理由：%(reason)s", wrong=told.get("wrong") or "", reason=told.get("reason") or "")
    return {
        "rank": rank,
        "held": held,
        "before": held,
        "kind": "" if row.is_void else _("%(day)s生效", day=full_day(row.from_on or entry.from_on)),
        "since": _("%(day)s生效", day=full_day(entry.from_on)),
        "corrects": _("备案号 %(number)s", number=entry.number),
        "why": why,
        "case_url": url_for("cases.show", instance_id=told["case"]),
    }
