"""People, as far as administrators do something for them by the API."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.services.acts import handovers
from app.views.api.answering import OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, Path
from app.views.database import get_session
from app.views.session import current_actor

family = Family("people", "人员")


class HandingOver(Body):
    to: Id = Field(description="交给谁：本单位的人")
    reason: Annotated[str, Field(max_length=5000)]
    tasks: Annotated[list[Id], Field(max_length=1000)] | None = Field(None, description="只交接这几件；不填就是全部")


class HandedOver(Answer):
    tasks: list[int] = Field(description="交接了的待办")


@family.post("/people/<int:id>/hand-over", summary="离职交接：把一个人名下的事交给同事", responses={OK: HandedOver})
def hand_over(path: Path, body: HandingOver) -> Response:
    """Give a person's tasks to a colleague."""
    session, actor = get_session(), current_actor()
    return answer(
        HandedOver(tasks=handovers.hand_over(session, actor, known(path.id), body.to, body.reason, body.tasks))
    )
