"""Signing authorisations: entered by an administrator, confirmed by a second person, revoked."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Organization, Position, SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.work import Attachment, Signature
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Role
from app.services import visibility
from app.services.accounts.actors import holds_today
from app.services.accounts.organizations import get_organization, in_scope, place_of
from app.services.accounts.terms import not_ended
from app.services.files import attachments
from app.services.journal import record_organization
from app.services.transactions import writing

# Whose signature may be given by a deputy (S1 经费 第四条 names the two signers).
DEPUTISED = (Role.LEGAL_REPRESENTATIVE, Role.PRINCIPAL)
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class AuthorizationDraft:
    """Who may sign for whom, and when; people by id."""

    role: str
    principal_id: int | None
    deputy_id: int | None
    from_on: date | None
    until_on: date | None


def enter(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: AuthorizationDraft,
    *,
    scan: tuple[str, BinaryIO] | None,
    folder: Path,
) -> SigningAuthorization:
    """Enter an authorisation with its scan; it holds only once somebody else confirmed it.

    Raises Invalid by field, TooLarge, NotFound or Forbidden.
    """
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.ENTER_AUTHORIZATION)
        errors = _errors(session, actor, organization, draft)
        if scan is None:
            errors["scan"] = [sentence(N_("请附上签字盖章的书面委托书（照片或 PDF）。"))]
        if errors or scan is None:
            raise Invalid(errors)
        attachment = attachments.store(session, folder, actor, *scan)
        attachment.organization_id = organization.id
        session.flush()
        found = _written(actor, organization, draft, attachment)
        session.add(found)
        session.flush()
        record_organization(session, organization.id, actor, "enter_authorization", _described(found))
    return found


def confirm(session: Session, actor: Actor, authorization_id: int) -> None:
    """Confirm an authorisation as a second person; raises NotFound, Forbidden or Conflict."""
    with writing(session):
        found = _locked(session, actor, authorization_id)
        if not may_confirm(actor, found):
            raise Forbidden(N_("登记人和受托人不能确认，请另一位流程管理员、校长或法定代表人来确认。"))
        if found.confirmed_at is not None or found.revoked_at is not None:
            raise Conflict(N_("这份委托已经确认或撤销。"))
        found.confirmed_by_id, found.confirmed_at = actor.person_id, clock.now()
        record_organization(session, found.organization_id, actor, "confirm_authorization", {"id": found.id})


def revoke(session: Session, actor: Actor, authorization_id: int) -> None:
    """Revoke an authorisation at once; signatures given under it stay. Raises as `confirm` does."""
    with writing(session):
        found = _locked(session, actor, authorization_id)
        if not may_revoke(actor, found):
            raise Forbidden
        if found.revoked_at is not None:
            raise Conflict(N_("这份委托已经撤销。"))
        found.revoked_at = clock.now()
        record_organization(session, found.organization_id, actor, "revoke_authorization", {"id": found.id})


def may_confirm(actor: Actor, found: SigningAuthorization) -> bool:
    """Tell whether the person may confirm: never who entered it, never the deputy."""
    is_second = actor.person_id not in {found.entered_by_id, found.deputy_id}
    return is_second and allows(actor, Action.CONFIRM_AUTHORIZATION, place_of(found.organization))


def may_revoke(actor: Actor, found: SigningAuthorization) -> bool:
    """Tell whether the person may revoke: an administrator or head of the school, or the one signed for."""
    is_own = actor.person_id == found.principal_id
    return is_own or allows(actor, Action.CONFIRM_AUTHORIZATION, place_of(found.organization))


def authorizations_for(session: Session, actor: Actor) -> list[SigningAuthorization]:
    """Return the authorisations that the person administers, is signed for by, or signs under; newest first."""
    organizations = select(Organization.id).where(in_scope(actor, Action.CONFIRM_AUTHORIZATION))
    query = (
        select(SigningAuthorization)
        .where(
            SigningAuthorization.organization_id.in_(organizations)
            | (SigningAuthorization.principal_id == actor.person_id)
            | (SigningAuthorization.deputy_id == actor.person_id)
        )
        .order_by(SigningAuthorization.id.desc())
    )
    people = (SigningAuthorization.principal, SigningAuthorization.deputy, SigningAuthorization.entered_by)
    options = [joinedload(relation) for relation in (SigningAuthorization.organization, *people)]
    return list(session.scalars(query.options(*options)))


def scan_of(session: Session, actor: Actor, authorization_id: int) -> Attachment:
    """Return the scan of an authorisation in sight, or of one that a signature in a case in sight rests on.

    Raises NotFound.
    """
    found = session.get(SigningAuthorization, authorization_id)
    if found is None or not (_is_in_sight(actor, found) or _is_used_in_sight(session, actor, found)):
        raise NotFound
    return session.get_one(Attachment, found.attachment_id)


def _visible(session: Session, actor: Actor, authorization_id: int) -> SigningAuthorization:
    found = session.get(SigningAuthorization, authorization_id)
    if found is None or not _is_in_sight(actor, found):
        raise NotFound
    return found


def _is_in_sight(actor: Actor, found: SigningAuthorization) -> bool:
    is_party = actor.person_id in {found.principal_id, found.deputy_id}
    return is_party or allows(actor, Action.CONFIRM_AUTHORIZATION, place_of(found.organization))


def _is_used_in_sight(session: Session, actor: Actor, found: SigningAuthorization) -> bool:
    """Tell whether the person sees a case that was signed under the authorisation: the paper is part of its file."""
    signed = select(Signature.instance_id).where(Signature.authorization_id == found.id)
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(signed), visibility.may_see(session, actor))
    return session.scalar(query.limit(1)) is not None


def _locked(session: Session, actor: Actor, authorization_id: int) -> SigningAuthorization:
    found = _visible(session, actor, authorization_id)
    session.refresh(found, with_for_update=True)
    return found


def _errors(
    session: Session, actor: Actor, organization: Organization, draft: AuthorizationDraft
) -> dict[str, list[Sentence]]:
    errors: dict[str, list[Sentence]] = {}
    if draft.role not in DEPUTISED:
        errors["role"] = [sentence(N_("请选为哪个职务代签。"))]
    elif not _holds(session, organization, draft.principal_id, Role(draft.role)):
        errors["principal"] = [sentence(N_("请选现任的委托人。"))]
    errors |= _deputy_errors(session, actor, organization, draft) | _period_errors(draft)
    return errors


def _deputy_errors(
    session: Session, actor: Actor, organization: Organization, draft: AuthorizationDraft
) -> dict[str, list[Sentence]]:
    if draft.deputy_id == actor.person_id:
        return {"deputy": [sentence(N_("不能登记自己为受托人，请另一位管理员来办。"))]}
    if draft.deputy_id is not None and draft.deputy_id == draft.principal_id:
        return {"deputy": [sentence(N_("受托人不能是委托人自己。"))]}
    if not _holds(session, organization, draft.deputy_id, None):
        return {"deputy": [sentence(N_("请选本单位在任的受托人。"))]}
    return {}


def _period_errors(draft: AuthorizationDraft) -> dict[str, list[Sentence]]:
    if draft.from_on is None:
        return {"from_on": [sentence(N_("请填委托从哪天起。"))]}
    if draft.until_on is None:
        return {"until_on": [sentence(N_("请填委托到哪天止。"))]}
    if draft.until_on < max(draft.from_on, clock.today()):
        return {"until_on": [sentence(N_("委托止不能早于委托起，也不能早于今天。"))]}
    if draft.until_on - draft.from_on > LONGEST:
        return {"until_on": [sentence(N_("一份委托最长一年。"))]}
    return {}


def _holds(session: Session, organization: Organization, person_id: int | None, role: Role | None) -> bool:
    query = select(Position.id).where(Position.person_id == person_id, Position.organization_id == organization.id)
    query = query.where(not_ended()) if role is None else query.where(Position.role == role, holds_today())
    return person_id is not None and session.scalar(query.limit(1)) is not None


def _written(
    actor: Actor, organization: Organization, draft: AuthorizationDraft, attachment: Attachment
) -> SigningAuthorization:
    return SigningAuthorization(
        organization_id=organization.id,
        role=draft.role,
        principal_id=draft.principal_id,
        deputy_id=draft.deputy_id,
        from_on=draft.from_on,
        until_on=draft.until_on,
        attachment_id=attachment.id,
        entered_by_id=actor.person_id,
    )


def _described(found: SigningAuthorization) -> dict[str, object]:
    return {
        "id": found.id,
        "role": str(found.role),
        "principal": found.principal_id,
        "deputy": found.deputy_id,
        "from_on": found.from_on.isoformat(),
        "until_on": found.until_on.isoformat(),
        "attachment": found.attachment_id,
    }
