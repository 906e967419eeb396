"""The second half of an approval sheet: who was asked together, who signed, what happened, what is open."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.canonical import fingerprint
from app.services import signatures
from app.services.collective import collective_views
from app.services.collective.collective_views import Standing
from app.services.pages import LARGEST
from app.services.reading import history
from app.services.reading.cases import CaseView
from app.services.reading.happenings import Happening
from app.views.presenters import collectives
from app.views.presenters.acts import wait_words
from app.views.presenters.collectives import progress_words, result_words
from app.views.presenters.timeline import entries
from app.views.words import paper_instant

Facts = dict[str, Any]
# Answers of one task beyond this are read on its page.
MOST_ANSWERS = 1000


def parts(session: Session, view: CaseView, found: list[Happening]) -> Facts:
    """Return the parts of a sheet that tell what people did; `found` is the timeline, newest first."""
    return {
        "collectives": [_collective(session, one) for one in view.standings if one.is_open or one.is_closed],
        "signatures": list(_signatures(session, view)),
        "history": _history(view, found),
        "open": list(_open(session, view)),
    }


def _history(view: CaseView, found: list[Happening]) -> list[list[str]]:
    """Return what happened, oldest first; the answers of many people stand in tables of their own."""
    told = zip(found, entries(view, found), strict=True)
    return [
        [paper_instant(one.at), words["title"], words["text"] or "", words["more"], _who(one, words["who"])]
        for one, words in reversed(list(told))
        if one.kind != "waiting" and not (one.standing is not None and one.is_answer)
    ]


def _who(one: Happening, position: str) -> str:
    return " · ".join(words for words in (position, one.organization) if words)


def _collective(session: Session, standing: Standing) -> Facts:
    sheet = collectives.sheet(standing)
    return {
        "title": sheet["title"],
        "pairs": [[label, str(words)] for label, words in sheet["pairs"]],
        "counts": [[one["verdict"], one["number"]] for one in sheet["counts"]],
        "answers": list(_answers(session, standing)) if standing.shows_answers else [],
    }


def _answers(session: Session, standing: Standing) -> Iterator[list[str]]:
    cursor: str | None = None
    for _page in range(MOST_ANSWERS // LARGEST):
        page = collective_views.answers(session, standing, cursor, LARGEST)
        for one in page.items:
            words = result_words(one.verdict, standing.task.element_name)
            yield [one.person.name, words, one.comment or "", paper_instant(one.responded_at)]
        cursor = page.next
        if cursor is None:
            return
    yield [_("其余的"), "", _("请在系统里看各人的答复。"), ""]


def _signatures(session: Session, view: CaseView) -> Iterator[Facts]:
    for one in signatures.every(session, view.case.id):
        yield {
            "step": view.process.element(one.element).name,
            "name": one.person.name,
            "office": f"{one.organization_name} · {one.position_title}",
            "at": paper_instant(one.signed_at),
            "statement": one.statement,
            "fingerprint": fingerprint(one.content_hash),
            "void": _void(one.voided_at, one.void_reason) if one.voided_at else "",
        }


def _void(at: datetime, reason: str | None) -> str:
    return _("已作废：%(reason)s（%(when)s）", reason=reason or "", when=paper_instant(at))


def _open(session: Session, view: CaseView) -> Iterator[list[str]]:
    """Yield what is asked now, of whom, until when."""
    for item in view.open_items:
        people = "、".join(history.handlers(session, item)) or _("安排人员")
        yield [item.element_name, people, _due(item.due_at)]
    for standing in view.asked:
        yield [standing.task.element_name, progress_words(standing), _due(standing.task.due_at)]
    for wait in view.waits:
        yield [wait_words(wait), _("系统"), _due(wait.due_at)]


def _due(at: datetime | None) -> str:
    return _("%(when)s 前", when=paper_instant(at)) if at else _("没有期限")
