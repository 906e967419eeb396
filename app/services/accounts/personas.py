"""The demo's persona cards: who may be entered by one click, and what waits for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Role
from app.services import settings
from app.services.accounts.actors import SignedIn, load_actor, load_signed_in
from app.services.reading.todo import open_kinds

Card = dict[str, Any]
READERS = frozenset({Role.BUREAU_FINANCE, Role.BUREAU_AUDITOR})
NOTHING = N_("没有待办")
READS = N_("查看经费台账")
RETURNED = N_("%(count)d 件待修改")
TO_SIGN = N_("%(count)d 件待签")
TO_DO = N_("%(count)d 件待办")
BY_ELEMENT = {"finance_book": N_("%(count)d 件待入账"), "office_review": N_("%(count)d 件待审核")}


@dataclass(frozen=True)
class Persona:
    """A card: how the person is called, what waits, the position with its organisation, and the story it belongs to."""

    person_id: int
    call: str
    waiting: Sentence
    role: Role | None
    organization: str
    group: str


def personas(session: Session) -> list[Persona]:
    """Return the cards in their order; none outside a demo."""
    return [_card(session, load_actor(session, person_id), card) for person_id, card in _chosen(session)]


def sign_in_persona(session: Session, person_id: int) -> SignedIn:
    """Return a persona as signed in, without a password; raises NotFound outside a demo."""
    if person_id not in {chosen for chosen, _told in _chosen(session)}:
        raise NotFound
    return load_signed_in(session, person_id)


def waiting_words(kinds: Sequence[tuple[str, bool, bool]], actor: Actor) -> Sentence:
    """Say what waits for a person: one kind by its name, several as 待办."""
    if not kinds:
        reads = any(held.role in READERS for held in actor.holdings)
        return sentence(READS if reads else NOTHING)
    words = {_word(*kind) for kind in kinds}
    return sentence(words.pop() if len(words) == 1 else TO_DO, count=len(kinds))


def _word(element: str, is_signature: bool, is_returned: bool) -> str:  # noqa: FBT001 - columns of a row
    if is_returned:
        return RETURNED
    return BY_ELEMENT.get(element, TO_SIGN if is_signature else TO_DO)


def _card(session: Session, actor: Actor, card: Card) -> Persona:
    wanted = card.get("role", Role.LEGAL_REPRESENTATIVE)
    held = next((held for held in actor.holdings if held.role == wanted), actor.acting)
    return Persona(
        person_id=actor.person_id,
        call=card.get("call", actor.name),
        waiting=waiting_words(open_kinds(session, actor), actor),
        role=held.role if held else None,
        organization=held.organization_name if held else "",
        group=card.get("group", ""),
    )


def _chosen(session: Session) -> list[tuple[int, Card]]:
    """Return the people whom the demo put on cards, each with what its card says."""
    if not settings.is_demo(session):
        return []
    cards: list[Card] = settings.read(session, settings.PERSONAS) or []
    usernames = [card["username"] for card in cards]
    query = select(Person.username, Person.id).where(Person.username.in_(usernames), Person.is_active)
    people = {row.username: row.id for row in session.execute(query)}
    return [(people[card["username"]], card) for card in cards if card["username"] in people]
