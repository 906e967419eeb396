"""Confirming a list of homeroom teachers: for a school year, or again within it from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.registers import HomeroomList, HomeroomListRow
from app.domain import clock
from app.domain.errors import Invalid, NotFound
from app.domain.homeroom_lists import Change, ChangeKind, Line, Post, classes_of, compare, lines_of
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.text import N_
from app.services.acts import leavers
from app.services.attention import unheld_checks
from app.services.homeroom import appointments, bars, service_entries, tellings
from app.services.homeroom.drafts import ListDraft, check
from app.services.homeroom.lists import get_school, latest, lines_in, place_of
from app.services.homeroom.orders import Order
from app.services.homeroom.plans import lines_before
from app.services.homeroom.teachers import names_of
from app.services.journal import record_organization
from app.services.transactions import writing

ONESELF = N_("名单里您自己新任或者不再担任，请政教处另一位老师来确认。")


@dataclass(frozen=True)
class Preview:
    """What a list would change, before it is confirmed."""

    order: Order
    changes: Sequence[Change]
    names: dict[int, str]


def preview(session: Session, actor: Actor, organization_id: int, draft: ListDraft) -> Preview:
    """Return what a list would change; raises as `confirm` does."""
    organization = get_school(session, actor, organization_id, Action.KEEP_REGISTERS)
    order, changes = _settled(session, actor, organization, draft, latest(session, organization.id))
    return Preview(order, changes, names_of(session, {change.person_id for change in changes}))


def confirm(session: Session, actor: Actor, organization_id: int, draft: ListDraft) -> HomeroomList:
    """Confirm a list: positions and services end and begin with its first day, everybody concerned is told.

    The same list confirmed twice is one. Raises Invalid by field, Refused by a rule, Stale where another was confirmed meanwhile,
    NotFound or Forbidden.
    """
    with writing(session):
        organization = get_school(session, actor, organization_id, Action.KEEP_REGISTERS)
        # Administrators, too, lock a position before its school's journal.
        positions = appointments.lock_positions(session, organization.id)
        locking = select(Organization.id).where(Organization.id == organization.id).with_for_update(key_share=True)
        session.execute(locking)
        last = latest(session, organization.id)
        if last is not None and _is_repeated(session, actor, last, draft):
            return last
        order, changes = _settled(session, actor, organization, draft, last)
        confirmed = _keep(session, order, draft)
        service_entries.keep_services(session, order, positions)
        appointments.appoint(session, order, positions)
        record_organization(session, organization.id, actor, "confirm_homeroom_list", _described(confirmed, changes))
        tellings.tell(session, order, draft.school_year, changes)
        unheld_checks.recheck(session, organization.id)
    leavers.release_left(session)
    return confirmed


def change_class(session: Session, actor: Actor, organization_id: int, draft: ListDraft) -> HomeroomList:
    """Confirm the last list again with the classes of the draft in the place of those of the same name.

    Raises as `confirm` does, and NotFound for a class that the list does not have.
    """
    organization = get_school(session, actor, organization_id, Action.KEEP_REGISTERS)
    last = latest(session, organization.id)
    changed = {one.class_name: one for one in draft.tidy().classes}
    known = classes_of(lines_in(session, last)) if last is not None else []
    if not changed.keys() <= {one.class_name for one in known}:
        raise NotFound
    return confirm(
        session, actor, organization_id, replace(draft, classes=[changed.get(one.class_name, one) for one in known])
    )


def _settled(
    session: Session, actor: Actor, organization: Organization, draft: ListDraft, last: HomeroomList | None
) -> tuple[Order, list[Change]]:
    """Return what a list asks for and what it changes; raises Invalid and Stale."""
    checked = check(session, organization, draft, last)
    classes = sorted(checked.classes, key=lambda one: place_of(one.class_name, organization, draft.school_year))
    order = Order(actor, organization, checked.from_on, lines_of(classes))
    changes = compare(lines_before(session, organization, last, order.from_on), order.lines)
    _refuse_oneself(actor, changes)
    bars.refuse_barred(session, organization.id, checked.classes, _decided(draft, changes), order.from_on)
    return order, changes


def _refuse_oneself(actor: Actor, changes: Sequence[Change]) -> None:
    """Let nobody give or take away an own post. Raises Invalid."""
    own = {change.kind for change in changes if change.person_id == actor.person_id}
    if own & {ChangeKind.BEGINS, ChangeKind.ENDS}:
        raise Invalid.field("classes", ONESELF)


def _decided(draft: ListDraft, changes: Sequence[Change]) -> set[int]:
    """Return of whom a list decides that they lead a class: within a school year only who begins or changes class.

    A change for one class does not wait until another's homeroom teacher is replaced.
    """
    kinds = {ChangeKind.BEGINS, ChangeKind.MOVES} | ({ChangeKind.STAYS} if draft.revision == 0 else set())
    return {change.person_id for change in changes if change.post == Post.FULL and change.kind in kinds}


def _is_repeated(session: Session, actor: Actor, last: HomeroomList, draft: ListDraft) -> bool:
    """Tell whether the last list is what the same person asks for once more, as by a double click."""
    seen = (draft.school_year, draft.revision + 1, draft.from_on, actor.person_id)
    is_next = (last.school_year, last.revision, last.from_on, last.confirmed_by_id) == seen
    return is_next and set(lines_in(session, last)) == set(lines_of(draft.tidy().classes))


def _keep(session: Session, order: Order, draft: ListDraft) -> HomeroomList:
    """Write the list as it was confirmed."""
    confirmed = HomeroomList(
        organization_id=order.organization.id,
        school_year=draft.school_year,
        revision=draft.revision + 1,
        from_on=order.from_on,
        confirmed_by_id=order.actor.person_id,
        confirmed_at=clock.now(),
    )
    session.add(confirmed)
    session.flush()
    session.execute(
        insert(HomeroomListRow), [_row(confirmed.id, place, line) for place, line in enumerate(order.lines)]
    )
    return confirmed


def _row(list_id: int, place: int, line: Line) -> dict[str, object]:
    return {
        "list_id": list_id,
        "place": place,
        "class_name": line.class_name,
        "person_id": line.person_id,
        "category": str(line.post),
    }


def _described(confirmed: HomeroomList, changes: Sequence[Change]) -> dict[str, object]:
    return {
        "list": confirmed.id,
        "school_year": confirmed.school_year,
        "revision": confirmed.revision,
        "from_on": confirmed.from_on.isoformat(),
        "changes": [
            {"person": one.person_id, "post": str(one.post), "before": list(one.before), "after": list(one.after)}
            for one in changes
            if one.kind != ChangeKind.STAYS
        ],
    }
