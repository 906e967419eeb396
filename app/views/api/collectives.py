"""Tasks of many people: how far each is, what it came to, and as far as one may see, of whom."""

from typing import Any

from flask import Response

from app.services.collective import collective_views
from app.views.api.answering import OK, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, Paging, Path, Reference
from app.views.api.items import collective_of
from app.views.api.models import Collective
from app.views.database import get_session
from app.views.session import current_actor

family = Family("collectives", "多人办理")


class Given(Answer):
    """What one member answered; `recused` is a member who stepped aside."""

    person: Reference
    verdict: str
    comment: str | None
    values: dict[str, Any]
    at: Instant


class Answers(Answer):
    items: list[Given]
    next: str | None


class People(Answer):
    items: list[Reference]
    next: str | None


@family.get("/collectives/<int:id>", summary="一个多人办理的任务：规则、进度、结果", responses={OK: Collective})
def show(path: Path) -> Response:
    """Return one task of many people."""
    return answer(collective_of(collective_views.standing(get_session(), current_actor(), known(path.id))))


@family.get("/collectives/<int:id>/answers", summary="结束后各人的答复；保密的没有", responses={OK: Answers})
def answers(path: Path, query: Paging) -> Response:
    """Return who said what."""
    session = get_session()
    standing = collective_views.standing(session, current_actor(), known(path.id))
    found = collective_views.answers(session, standing, query.cursor, query.limit)
    given = [
        Given(
            person=Reference(id=one.person_id, name=one.person.name),
            verdict=one.verdict,
            comment=one.comment,
            values=one.values,
            at=one.responded_at,
        )
        for one in found.items
    ]
    return listed(given, found.next)


@family.get("/collectives/<int:id>/missing", summary="还没办的人；保密的只有管理员能看", responses={OK: People})
def missing(path: Path, query: Paging) -> Response:
    """Return who has not answered yet."""
    session = get_session()
    standing = collective_views.standing(session, current_actor(), known(path.id))
    found = collective_views.missing(session, standing, query.cursor, query.limit)
    return listed([Reference(id=one.id, name=one.name) for one in found.items], found.next)
