"""People: adding, editing, finding, and resetting a forgotten password."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Organization, Person, Position
from app.domain.errors import Forbidden, Invalid
from app.domain.identity import Actor
from app.domain.policy import ADMIN_ROLE, Action, allows, may_grant
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import OrganizationKind, Role
from app.services.accounts import passwords
from app.services.accounts.organizations import get_organization, place_of
from app.services.accounts.positions import NOT_ONESELF, require_known
from app.services.accounts.sign_in import normalized
from app.services.accounts.terms import Term, described, not_ended, place_person
from app.services.attention import unheld_checks
from app.services.journal import record_organization
from app.services.transactions import writing

PAGE = 50
_USERNAME = re.compile(r"[0-9a-z][0-9a-z._@-]{2,63}")
NAME_LENGTH = 50
STAFF_NUMBER_LENGTH = 32


@dataclass(frozen=True)
class PersonDraft:
    """Who somebody is, as it was typed."""

    name: str
    username: str
    staff_number: str = ""


@dataclass(frozen=True)
class Credential:
    """A one-time password, shown once; none where the person had an account already."""

    person_id: int
    name: str
    username: str
    password: str | None


@dataclass(frozen=True)
class Members:
    """A page of people with their open positions in one organisation."""

    people: list[Person]
    positions: dict[int, list[Position]]
    total: int
    page: int


def members(
    session: Session, actor: Actor, organization: Organization, q: str = "", page: int = 1, *, has_left: bool = False
) -> Members:
    """Return a page of those who hold a position in an organisation, or of those who left it."""
    found = _member_query(actor, organization, q, has_left=has_left)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    people = list(session.scalars(found.order_by(Person.name, Person.id).limit(PAGE).offset((page - 1) * PAGE)))
    return Members(people, _positions_in(session, organization, people, has_left=has_left), total, page)


def positions_of(session: Session, person_id: int) -> list[Position]:
    """Return a person's positions held today or later, oldest first."""
    query = select(Position).where(Position.person_id == person_id, not_ended()).order_by(Position.from_on, Position.id)
    return list(session.scalars(query.options(selectinload(Position.organization))))


def colleagues(session: Session, organizations: Sequence[Organization], roles: Collection[Role] = ()) -> list[Person]:
    """Return those who hold a position in the organisations, in one of the roles where some are given."""
    held = select(Position.person_id).where(
        Position.organization_id.in_([organization.id for organization in organizations]), not_ended()
    )
    if roles:
        held = held.where(Position.role.in_(roles))
    return list(session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name, Person.id)))


def get_person(session: Session, actor: Actor, person_id: int) -> Person:
    """Return a person who holds or held a position where the actor administers; raises NotFound."""
    require_known(session, actor, person_id)
    return session.get_one(Person, person_id)


def add_person(
    session: Session, actor: Actor, organization_id: int, draft: PersonDraft, role: Role, term: Term
) -> Credential:
    """Add a person with a first position; somebody with an account elsewhere keeps it.

    Raises Invalid by field, NotFound or Forbidden.
    """
    password = passwords.one_time()
    password_hash = passwords.hash_one_time(password)
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION)
        person, is_new = find_or_add(session, draft, password_hash)
        if person.id == actor.person_id:
            raise Forbidden(NOT_ONESELF)
        if not may_grant(actor, person.id, role, OrganizationKind(organization.kind), place_of(organization)):
            raise Forbidden
        position = place_person(session, person.id, organization, role, term)
        details = described(position) | {"is_new": is_new}
        record_organization(session, organization.id, actor, "add_person", details)
        unheld_checks.recheck(session, organization.id)
    return Credential(person.id, person.name, person.username, password if is_new else None)


def find_or_add(session: Session, draft: PersonDraft, password_hash: str) -> tuple[Person, bool]:
    """Return the person of that username, or a new one, and whether it is new; raises Invalid."""
    errors = draft_errors(draft)
    if errors:
        raise Invalid(errors)
    person = session.scalar(select(Person).where(Person.username == normalized(draft.username)))
    if person is not None:
        if person.name != draft.name.strip():
            raise Invalid.field("username", N_("这个用户名已有人使用，姓名和您填的不同，请核对。"))
        return person, False
    person = Person(
        username=normalized(draft.username),
        name=draft.name.strip(),
        staff_number=draft.staff_number.strip() or None,
        password_hash=password_hash,
        must_change_password=True,
    )
    session.add(person)
    session.flush()
    return person, True


def edit_person(session: Session, actor: Actor, person_id: int, draft: PersonDraft) -> None:
    """Correct name, username and staff number; raises Invalid by field, NotFound or Forbidden."""
    with writing(session):
        person = get_person(session, actor, person_id)
        organizations = _require_whole(session, actor, person_id)
        errors = draft_errors(draft)
        username = normalized(draft.username)
        taken = select(Person.id).where(Person.username == username, Person.id != person_id)
        if "username" not in errors and session.scalar(taken):
            errors["username"] = [sentence(N_("这个用户名已有人使用。"))]
        if errors:
            raise Invalid(errors)
        before = {"name": person.name, "username": person.username, "staff_number": person.staff_number}
        person.name, person.username = draft.name.strip(), username
        person.staff_number = draft.staff_number.strip() or None
        details = {"person": person_id, "before": before}
        record_organization(session, organizations[0], actor, "edit_person", details)


def reset_password(session: Session, actor: Actor, person_id: int) -> Credential:
    """Give a one-time password and end the person's sessions; raises NotFound or Forbidden.

    The actor must administer every organisation in which the person holds a position: else an
    administrator of one school could enter another school as somebody with a position in both.
    """
    if person_id == actor.person_id:
        raise Forbidden(N_("自己的密码请在“我的”里修改。"))
    password = passwords.one_time()
    password_hash = passwords.hash_one_time(password)
    with writing(session):
        person = get_person(session, actor, person_id)
        organizations = _require_whole(session, actor, person_id)
        person.password_hash, person.must_change_password = password_hash, True
        person.session_epoch += 1
        for organization_id in organizations:
            record_organization(session, organization_id, actor, "reset_password", {"person": person_id})
    return Credential(person.id, person.name, person.username, password)


def is_whole(session: Session, actor: Actor, person_id: int) -> bool:
    """Tell whether the actor administers every organisation in which the person holds a position."""
    return all(allows(actor, Action.RESET_PASSWORD, place_of(found)) for found in _employers(session, person_id))


def draft_errors(draft: PersonDraft) -> dict[str, list[Sentence]]:
    """Return what is wrong with a person's details, by field."""
    errors: dict[str, list[Sentence]] = {}
    if not 0 < len(draft.name.strip()) <= NAME_LENGTH or not draft.name.isprintable():
        errors["name"] = [sentence(N_("请填姓名，最多 %(most)d 个字。"), most=NAME_LENGTH)]
    if not _USERNAME.fullmatch(normalized(draft.username)):
        errors["username"] = [sentence(N_("用户名一般填手机号；也可以用 3 到 64 位小写字母、数字和 . _ @ -。"))]
    if len(draft.staff_number.strip()) > STAFF_NUMBER_LENGTH:
        errors["staff_number"] = [sentence(N_("工号最多 %(most)d 位。"), most=STAFF_NUMBER_LENGTH)]
    return errors


def _require_whole(session: Session, actor: Actor, person_id: int) -> list[int]:
    """Return the ids of the person's organisations, or the one last worked in; raises Forbidden."""
    if not is_whole(session, actor, person_id):
        raise Forbidden(N_("此人在别的单位也有任职，请由上一级教育局的系统管理员来办。"))
    found = [organization.id for organization in _employers(session, person_id)]
    last = select(Position.organization_id).where(Position.person_id == person_id).order_by(Position.id.desc())
    return found or [session.scalars(last.limit(1)).one()]


def _employers(session: Session, person_id: int) -> list[Organization]:
    held = select(Position.organization_id).where(Position.person_id == person_id, not_ended())
    return list(session.scalars(select(Organization).where(Organization.id.in_(held)).order_by(Organization.id)))


def _member_query(actor: Actor, organization: Organization, q: str, *, has_left: bool) -> Select[Person]:
    here = select(Position.person_id).where(Position.organization_id == organization.id, _shown(actor, organization))
    now_here = here.where(not_ended())
    query = select(Person).where(
        Person.id.in_(here) & Person.id.not_in(now_here) if has_left else Person.id.in_(now_here)
    )
    words = q.strip()
    if words:
        like = [
            column.icontains(words, autoescape=True) for column in (Person.name, Person.username, Person.staff_number)
        ]
        query = query.where(or_(*like))
    return query


def _shown(actor: Actor, organization: Organization) -> ColumnElement[bool]:
    """Return the condition of the positions that are shown: below one's own bureau only administrators'."""
    if allows(actor, Action.MANAGE_PEOPLE, place_of(organization)):
        return Position.id.is_not(None)
    return Position.role == ADMIN_ROLE[OrganizationKind(organization.kind)]


def _positions_in(
    session: Session, organization: Organization, people: list[Person], *, has_left: bool
) -> dict[int, list[Position]]:
    query = (
        select(Position)
        .where(Position.organization_id == organization.id, Position.person_id.in_([person.id for person in people]))
        .order_by(Position.id)
    )
    found: dict[int, list[Position]] = {person.id: [] for person in people}
    for position in session.scalars(query if has_left else query.where(not_ended())):
        found[position.person_id].append(position)
    return found
