"""Sentences that the caller often writes as an opinion."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.db.desk import OpinionTemplate
from app.services.filling import opinion_templates
from app.services.filling.opinion_templates import DEFAULTS
from app.views.api.answering import CREATED, OK, answer, known, listed, page_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Paging, Path
from app.views.database import get_session
from app.views.session import current_actor
from app.views.words import say

family = Family("opinions", "常用意见")
LARGEST_PLACE = 1000


class Written(Body):
    text: Annotated[str, Field(max_length=2000)]


class Changed(Body):
    text: Annotated[str, Field(max_length=2000)] | None = Field(None, description="不写则不改")
    place: Annotated[int, Field(ge=0, le=LARGEST_PLACE)] | None = Field(
        None, description="排第几，从 0 数起；不写则不动"
    )


class Sentence(Answer):
    id: int | None = Field(description="平台自带的为空")
    text: str


class Sentences(Answer):
    items: list[Sentence]
    next: str | None


@family.get("/opinions", summary="本人的常用意见，后面是平台自带的", responses={OK: Sentences})
def index(query: Paging) -> Response:
    """Return the own sentences in their order, then the platform's."""
    own = [_written(one) for one in opinion_templates.own(get_session(), current_actor())]
    found = page_of([*own, *(Sentence(id=None, text=say(text)) for text in DEFAULTS)], query)
    return listed(found.items, found.next)


@family.post("/opinions", summary="添一条", responses={CREATED: Sentence})
def add(body: Written) -> Response:
    """Add a sentence at the end."""
    return answer(_written(opinion_templates.add(get_session(), current_actor(), body.text)), CREATED)


@family.put("/opinions/<int:id>", summary="改一条，或者换个位置", responses={OK: Sentence})
def change(path: Path, body: Changed) -> Response:
    """Write a sentence anew, or put it elsewhere."""
    session, actor, opinion_id = get_session(), current_actor(), known(path.id)
    found = opinion_templates.get(session, actor, opinion_id)
    if body.text is not None:
        found = opinion_templates.edit(session, actor, opinion_id, body.text)
    if body.place is not None:
        opinion_templates.move(session, actor, opinion_id, body.place)
    return answer(_written(found))


@family.delete("/opinions/<int:id>", summary="删一条", responses={OK: Sentence})
def remove(path: Path) -> Response:
    """Take a sentence away; it is answered once more."""
    session, actor, opinion_id = get_session(), current_actor(), known(path.id)
    gone = _written(opinion_templates.get(session, actor, opinion_id))
    opinion_templates.remove(session, actor, opinion_id)
    return answer(gone)


def _written(one: OpinionTemplate) -> Sentence:
    return Sentence(id=one.id, text=one.text)
