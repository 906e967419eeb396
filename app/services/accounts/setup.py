"""The first start without the demo: an organisation, its first administrator, its rules, at once."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.people import Organization, Person
from app.db.rules import Setting
from app.domain import clock
from app.domain.errors import Conflict, Invalid
from app.domain.policy import ADMIN_ROLE
from app.domain.text import N_, Sentence
from app.domain.vocabulary import OrganizationKind
from app.services import settings
from app.services.accounts import passwords, throttle
from app.services.accounts.actors import SignedIn, load_actor, load_signed_in
from app.services.accounts.organizations import NewOrganization, add_organization
from app.services.accounts.people import PersonDraft, draft_errors
from app.services.accounts.sign_in import normalized
from app.services.accounts.terms import Term, place_person
from app.services.journal import record_organization
from app.services.rulebook.rules import adopt_pack
from app.services.transactions import writing

CODE_LENGTH = 12
GROUP = 4
ALREADY = N_("平台已经设好了，请直接登录。")
CODE_SUBJECT = ("setup", 20)


@dataclass(frozen=True)
class Installation:
    """What the set-up page asks for; `packs` are the chosen rule packs by programme."""

    organization: NewOrganization
    admin: PersonDraft
    password: str
    packs: Mapping[str, str]


def setup_code(secret_key: str) -> str:
    """Return the code that the console prints; it follows from the secret key and needs no storage."""
    digest = hmac.new(secret_key.encode(), b"shenpi set-up", hashlib.sha256).hexdigest()[:CODE_LENGTH].upper()
    return "-".join(digest[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def check_code(session: Session, secret_key: str, code: str, address: str) -> None:
    """Compare a typed code with the console's; raises Invalid at `code`, Throttled."""
    throttle.reserve(session, CODE_SUBJECT, throttle.by_address(address))
    typed = "".join(code.split()).replace("-", "").upper()
    if not hmac.compare_digest(typed.encode(), setup_code(secret_key).replace("-", "").encode()):
        raise Invalid.field("code", N_("设置码不对。它印在启动平台的命令行窗口里。"))
    throttle.release(session, CODE_SUBJECT, throttle.by_address(address))


def install(session: Session, wanted: Installation) -> SignedIn:
    """Create organisation and administrator, adopt the packs and close the set-up, in one transaction.

    A second submission finds the mark taken. Raises Invalid by field, Conflict when already set up.
    """
    _check(wanted)
    hashed = passwords.hash_password(wanted.password)
    with writing(session):
        _take_mark(session)
        organization = add_organization(session, None, wanted.organization)
        person = _add_admin(session, organization, wanted.admin, hashed)
        actor = load_actor(session, person.id)
        details = {"organization": organization.id, "code": organization.code, "person": person.id}
        record_organization(session, organization.id, actor, "set_up", details)
        for programme, pack in wanted.packs.items():
            adopt_pack(session, actor, organization.id, programme, pack, clock.today())
    return load_signed_in(session, person.id)


def _take_mark(session: Session) -> None:
    """Write the mark first: of two submissions the later one waits here and fails."""
    if settings.is_installed(session):
        raise Conflict(ALREADY)
    try:
        with session.begin_nested():
            session.add(Setting(key=settings.INSTALLED, value=True))
    except IntegrityError as error:
        raise Conflict(ALREADY) from error


def _check(wanted: Installation) -> None:
    errors: dict[str, list[Sentence]] = {}
    for path, found in draft_errors(wanted.admin).items():
        errors["admin_name" if path == "name" else path] = found
    try:
        passwords.check_new(wanted.password, normalized(wanted.admin.username), "password")
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)


def _add_admin(session: Session, organization: Organization, draft: PersonDraft, hashed: str) -> Person:
    person = Person(username=normalized(draft.username), name=draft.name.strip(), password_hash=hashed)
    session.add(person)
    session.flush()
    role = ADMIN_ROLE[OrganizationKind(organization.kind)]
    place_person(session, person.id, organization, role, Term(clock.today()))
    return person
