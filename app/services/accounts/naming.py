"""People as they are typed into a form: an organisation's own by name, others by username, or by both."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.domain.text import N_, Sentence, sentence
from app.services.accounts.sign_in import normalized
from app.services.accounts.terms import not_ended


class Named(NamedTuple):
    """The ids of the people that a text names, and what is wrong with the lines that name nobody or several."""

    people: list[int]
    errors: list[Sentence]


def named_people(session: Session, organization_id: int, text: str) -> Named:
    """Return the people named in a text, one a line, each once."""
    people: list[int] = []
    errors: list[Sentence] = []
    for line in dict.fromkeys(filter(None, (part.strip() for part in text.splitlines()))):
        found = _named(session, organization_id, line)
        if len(found) == 1:
            people += found
        else:
            errors.append(_unclear(line, len(found)))
    return Named(list(dict.fromkeys(people)), errors)


def names_of(session: Session, people: Sequence[int]) -> dict[int, str]:
    """Return the names of people by id."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(rows.all())


def _unclear(line: str, count: int) -> Sentence:
    if count:
        return sentence(N_("本单位有 %(count)d 位“%(name)s”，请改填用户名。"), count=count, name=line)
    return sentence(N_("没有找到“%(name)s”。本单位的人填姓名，外单位的人填用户名。"), name=line)


def _named(session: Session, organization_id: int, text: str) -> list[int]:
    name, _space, username = text.rpartition(" ")
    anywhere = select(Person.id).where(Person.username == normalized(username), Person.is_active)
    if name:
        return list(session.scalars(anywhere.where(Person.name == name.strip())))
    here = select(Position.person_id).where(Position.organization_id == organization_id, not_ended())
    own = select(Person.id).where(Person.name == text, Person.id.in_(here))
    return list(session.scalars(anywhere)) or list(session.scalars(own))
