"""A person's ranks as a page shows them: since when, filed where, what became of each."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.registers import DossierEntry
from app.domain.dossiers import RANK_TITLES, Rank
from app.services.filings import rank_corrections
from app.services.ranks import histories
from app.services.ranks.histories import History
from app.views.words import full_day


def rows(found: History, correctable: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the ranks, those that took effect last first; some may be corrected, each by its school."""
    numbers = {entry.id: entry.number for entry in found.entries}
    return [
        _row(entry, is_current=entry is found.current)
        | {
            "corrects": numbers.get(entry.corrects_id or 0, ""),
            "case_url": url_for("cases.show", instance_id=found.cases[entry.id]) if entry.id in found.cases else "",
            "correct_url": _correct_url(entry, correctable),
            "is_correcting": entry.id in found.correcting,
        }
        for entry in found.entries
    ]


def _correct_url(entry: DossierEntry, correctable: Mapping[int, int]) -> str:
    school_id = correctable.get(entry.id)
    named: dict[str, Any] = {"organization": school_id, "rows.0.entry": entry.id}
    return url_for("start.fill", key=rank_corrections.PROCESS, **named) if school_id else ""


def _row(entry: DossierEntry, *, is_current: bool) -> dict[str, Any]:
    is_certified = histories.is_certified(entry)
    return {
        "rank": _(RANK_TITLES[Rank(str(entry.category))]),
        "from_on": full_day(entry.from_on),
        "issuer": entry.issuer,
        "number": entry.number,
        "verified": _("%(place)s%(name)s", place=entry.verified_at_place.name, name=entry.verified_by.name),
        "state": _state(entry, is_current=is_current),
        "certificate_url": url_for("ranks.certificate", entry_id=entry.id) if is_certified else "",
    }


def _state(entry: DossierEntry, *, is_current: bool) -> tuple[str, str, str | None]:
    if entry.is_void:
        return _("已划销"), "", "stop"
    if entry.replaced_at is not None:
        return _("已更正"), "", "pen"
    if is_current:
        return _("现在的"), "ok", "check"
    return (_("以前的"), "", "clock") if histories.is_effective(entry) else (_("还没生效"), "", "clock")
