"""Who the caller is."""

from datetime import date

from flask import Response
from pydantic import Field

from app.db.people import Position
from app.services.accounts.people import positions_of
from app.views.api.answering import OK, answer
from app.views.api.family import Family
from app.views.api.fields import Answer, Reference
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor
from app.views.words import role_title

family = Family("me", "本人")


class Person(Reference):
    username: str


class Post(Answer):
    role: str
    title: str
    organization: Reference
    studio: int | None
    from_on: date = Field(serialization_alias="from")
    until_on: date | None = Field(serialization_alias="until")


class Me(Answer):
    person: Person
    positions: list[Post]


@family.get("/me", summary="本人和现任、将任的职务", responses={OK: Me})
def show() -> Response:
    """Return the person and the positions."""
    actor = current_actor()
    positions = [_post(one) for one in positions_of(get_session(), actor.person_id)]
    person = Person(id=actor.person_id, name=actor.name, username=actor.username)
    return answer(Me(person=person, positions=positions))


def _post(position: Position) -> Post:
    return Post(
        role=position.role,
        title=role_title(position.role),
        organization=reference(position.organization),
        studio=position.studio_id,
        from_on=position.from_on,
        until_on=position.until_on,
    )
