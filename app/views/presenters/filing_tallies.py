"""The numbers of a bureau's year beside its tasks, each with the way to the rows that it counts."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.filings import FilingRun
from app.domain.filings import DIFFERENCE_TITLES, VERDICT_WANTED_TITLES, RowStatus, RowVerdict, VerdictWanted
from app.domain.identity import Actor
from app.engine.paths import name_in
from app.services.filings import listing, tallies
from app.services.filings.routes import RUNS
from app.services.filings.tallies import Tally
from app.services.reading.cases import TaskView

SUMMING_UP = frozenset({"aggregate", "sign_up"})
VERDICTS = {
    VerdictWanted.ACCEPT: RowVerdict.ACCEPT,
    VerdictWanted.RETURN: RowVerdict.RETURN,
    VerdictWanted.REFUSE: RowVerdict.REFUSE,
    VerdictWanted.OPEN: None,
}


def tally(session: Session, actor: Actor, found: TaskView) -> dict[str, Any] | None:
    """Return what a task of a bureau's year is about in numbers; none for other tasks."""
    if found.view.case.process_key not in RUNS:
        return None
    run_id = listing.run_of_case(session, actor, found.view.case.id)
    if run_id is None:
        return None
    run = listing.run_of_sight(session, actor, run_id)
    if name_in(found.item.element) in SUMMING_UP:
        return _summed_up(run, tallies.of_summing_up(session, run))
    return _audited(run, tallies.of_audit(session, run))


def _audited(run: FilingRun, found: Tally) -> dict[str, Any]:
    total = sum(found.counts.values())
    figures = [
        {
            "label": _(VERDICT_WANTED_TITLES[wanted]),
            "value": found.counts[verdict],
            "of": total,
            "href": _rows(run, verdict=wanted),
        }
        for wanted, verdict in VERDICTS.items()
    ]
    return {"figures": figures, **_compared(run, found, {})}


def _summed_up(run: FilingRun, found: Tally) -> dict[str, Any]:
    total = sum(found.counts.values())
    told = {
        RowStatus.PASSED: (_("等汇总上报"), _rows(run, show=RowStatus.PASSED)),
        RowStatus.RETURNED: (_("在学校补正"), f"{_rows(run)}#schools"),
        RowStatus.REFUSED: (_("不予备案"), _rows(run, show=RowStatus.REFUSED)),
    }
    figures = [
        {"label": label, "value": found.counts[status], "of": total, "href": href}
        for status, (label, href) in told.items()
    ]
    return {"figures": figures, **_compared(run, found, {"show": RowStatus.PASSED})}


def _compared(run: FilingRun, found: Tally, shown: dict[str, Any]) -> dict[str, Any]:
    """Return how the rows at hand differ from what last year left in the register."""
    differences = [
        {
            "label": _(DIFFERENCE_TITLES[difference]),
            "words": _("%(count)d 位", count=count),
            "href": _rows(run, difference=difference, **shown),
        }
        for difference, count in found.differences.items()
        if count
    ]
    last_year = None if found.last_year is None else _("去年备案 %(count)d 位", count=found.last_year)
    return {"differences": differences, "last_year": last_year}


def _rows(run: FilingRun, **filters: Any) -> str:
    return url_for("filings.show", run_id=run.id, **filters)
