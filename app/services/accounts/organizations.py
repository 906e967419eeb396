"""The tree of organisations: reading the caller's part, and adding to it."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import POLICY, Action, Place, Scope, allows, may_grant, require
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Affiliation, OrganizationKind, Role, Stage
from app.services.journal import record_organization
from app.services.transactions import writing

_CODE = re.compile(r"[A-Z0-9]{1,16}")
NAME_LENGTH = 100

# What may stand under what, and with which affiliation. S4 三(三)4: direct and private schools stand under the city.
AFFILIATIONS_UNDER: dict[OrganizationKind | None, frozenset[Affiliation]] = {
    None: frozenset(Affiliation),
    OrganizationKind.CITY: frozenset({Affiliation.DIRECT, Affiliation.PRIVATE}),
    OrganizationKind.DISTRICT: frozenset({Affiliation.DISTRICT, Affiliation.PRIVATE}),
}
KINDS_UNDER: dict[OrganizationKind | None, frozenset[OrganizationKind]] = {
    None: frozenset(OrganizationKind),
    OrganizationKind.CITY: frozenset({OrganizationKind.DISTRICT, OrganizationKind.SCHOOL}),
    OrganizationKind.DISTRICT: frozenset({OrganizationKind.SCHOOL}),
    OrganizationKind.SCHOOL: frozenset(),
}


@dataclass(frozen=True)
class NewOrganization:
    """What is asked of a new organisation, as it was typed."""

    name: str
    code: str
    kind: str
    affiliation: str = ""
    stage: str = ""
    location_district: str = ""


def coded(session: Session, code: str | None) -> Organization:
    """Return the organisation of a code, or without a code the only school there is; raises Invalid."""
    if code is None:
        schools = session.scalars(
            select(Organization).where(Organization.kind == OrganizationKind.SCHOOL).limit(2)
        ).all()
        if len(schools) != 1:
            raise Invalid.field("organization", N_("学校不止一个，或者一个也没有：请写明单位代码。"))
        return schools[0]
    organization = session.scalar(select(Organization).where(Organization.code == code.upper()))
    if organization is None:
        raise Invalid.field("organization", N_("没有代码是 %(code)s 的单位。"), code=code)
    return organization


def place_of(organization: Organization) -> Place:
    """Return where an organisation stands, for the policy."""
    return Place(organization.id, organization.path)


def root_name(session: Session) -> str:
    """Return the name of the topmost organisation; empty where there is none or more than one."""
    roots = list(session.scalars(select(Organization.name).where(Organization.parent_id.is_(None)).limit(2)))
    return roots[0] if len(roots) == 1 else ""


def in_scope(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Return the condition of the organisations in which the actor may do something."""
    found: list[ColumnElement[bool]] = [false()]
    for grant in POLICY[action]:
        for held in actor.holdings:
            if held.role not in grant.roles:
                continue
            if grant.scope != Scope.OWN:
                found.append(Organization.path.startswith(held.organization_path, autoescape=True))
            if grant.scope == Scope.BELOW:
                found[-1] &= Organization.id != held.organization_id
            if grant.scope == Scope.OWN:
                found.append(Organization.id == held.organization_id)
    return or_(*found)


def organizations_for(session: Session, actor: Actor, action: Action) -> list[Organization]:
    """Return the organisations in which the actor may do something, from the top down."""
    return list(session.scalars(select(Organization).where(in_scope(actor, action)).order_by(Organization.path)))


def get_organization(session: Session, actor: Actor, organization_id: int, action: Action) -> Organization:
    """Return an organisation in which the actor may do something; raises NotFound or Forbidden."""
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise NotFound
    require(actor, action, place_of(organization))
    return organization


def create_organization(session: Session, actor: Actor, parent_id: int, new: NewOrganization) -> Organization:
    """Add an organisation under a bureau; raises Invalid by field, NotFound or Forbidden."""
    with writing(session):
        parent = get_organization(session, actor, parent_id, Action.CREATE_ORGANIZATION)
        organization = add_organization(session, parent, new)
        details = {"organization": organization.id, "code": organization.code, "name": organization.name}
        record_organization(session, parent.id, actor, "create_organization", details)
    return organization


def add_organization(session: Session, parent: Organization | None, new: NewOrganization) -> Organization:
    """Add an organisation in the open transaction without asking who does it; raises Invalid."""
    code = new.code.strip().upper()
    errors = _errors(session, parent, new, code)
    if errors:
        raise Invalid(errors)
    kind = OrganizationKind(new.kind)
    is_school = kind == OrganizationKind.SCHOOL
    organization = Organization(
        code=code,
        name=new.name.strip(),
        kind=kind,
        affiliation=Affiliation(new.affiliation) if is_school else None,
        stage=Stage(new.stage) if is_school else None,
        location_district=new.location_district.strip()[:64] or None,
        parent_id=parent.id if parent else None,
        path=f"new/{code}",
    )
    session.add(organization)
    session.flush()
    organization.path = f"{parent.path if parent else '/'}{organization.id}/"
    session.flush()
    return organization


def _errors(
    session: Session, parent: Organization | None, new: NewOrganization, code: str
) -> dict[str, list[Sentence]]:
    errors: dict[str, list[Sentence]] = {}
    if not 0 < len(new.name.strip()) <= NAME_LENGTH:
        errors["name"] = [sentence(N_("请填单位全称，最多 %(most)d 个字。"), most=NAME_LENGTH)]
    if not _CODE.fullmatch(code):
        errors["organization_code"] = [sentence(N_("代码用 1 到 16 位大写字母和数字，例如 SF01；它会印在流水号里。"))]
    elif session.scalar(select(Organization.id).where(Organization.code == code)):
        errors["organization_code"] = [sentence(N_("代码 %(code)s 已有单位使用，请换一个。"), code=code)]
    under = OrganizationKind(parent.kind) if parent else None
    if new.kind not in KINDS_UNDER[under]:
        errors["kind"] = [sentence(N_("请选单位类型。"))]
    elif new.kind == OrganizationKind.SCHOOL:
        errors |= _school_errors(new, under)
    return errors


def _school_errors(new: NewOrganization, under: OrganizationKind | None) -> dict[str, list[Sentence]]:
    errors: dict[str, list[Sentence]] = {}
    if new.affiliation not in AFFILIATIONS_UNDER[under]:
        errors["affiliation"] = [sentence(N_("请选隶属关系：市教育局下是市直属或民办，区教育局下是区属或民办。"))]
    if new.stage not in set(Stage):
        errors["stage"] = [sentence(N_("请选学段。"))]
    return errors


def administered(session: Session, actor: Actor, organization_id: int | None) -> Organization:
    """Return the organisation whose people the actor looks after, by default the first one.

    Raises NotFound, and Forbidden where the actor may name nobody.
    """
    if organization_id is None:
        own = organizations_for(session, actor, Action.MANAGE_PEOPLE)
        if not own:
            raise Forbidden
        acting = actor.acting.organization_id if actor.acting else None
        return next((found for found in own if found.id == acting), own[0])
    organization = get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION)
    if not any(
        allows(actor, action, place_of(organization)) for action in (Action.MANAGE_PEOPLE, Action.APPOINT_ADMIN)
    ):
        raise Forbidden
    return organization


def roles_to_grant(actor: Actor, organization: Organization) -> list[Role]:
    """Return the roles that the actor may give others in an organisation."""
    kind, place = OrganizationKind(organization.kind), place_of(organization)
    return [role for role in Role if may_grant(actor, None, role, kind, place)]
