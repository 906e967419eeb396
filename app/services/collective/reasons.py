"""Why members of a confidential task answered as they did: told after the end, of nobody, and not to who is judged."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveResponse
from app.domain.tally import Secrecy
from app.engine.model import UserTask
from app.services.collective.collective_views import Standing
from app.services.reading.cases import CaseView


class Reason(NamedTuple):
    """What somebody said to an answer."""

    verdict: str
    text: str


def are_asked(view: CaseView, standing: Standing) -> bool:
    """Tell whether some answers of a confidential task must say why."""
    task = view.process.element(standing.task.element)
    assert isinstance(task, UserTask)  # noqa: S101 - many people are asked nothing else
    is_confidential = standing.task.secrecy == Secrecy.CONFIDENTIAL
    return is_confidential and task.collective is not None and bool(task.collective.reasons)


def are_told(view: CaseView, standing: Standing) -> bool:
    """Tell whether the reader may read the reasons: never who began the case, and never where few answered."""
    is_judged = standing.reader_id == view.case.initiator_id
    return standing.counts is not None and not is_judged and are_asked(view, standing)


def told(session: Session, view: CaseView, standing: Standing) -> list[Reason]:
    """Return the reasons by answer and wording, so that neither name nor order tells whose they are."""
    if not are_told(view, standing):
        return []
    said = CollectiveResponse.verdict, CollectiveResponse.comment
    given = CollectiveResponse.collective_id == standing.task.id, CollectiveResponse.comment.is_not(None)
    asked = CollectiveResponse.verdict.in_(standing.task.verdicts)
    return sorted(Reason(verdict, text or "") for verdict, text in session.execute(select(*said).where(*given, asked)))
