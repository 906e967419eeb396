"""Permission as data: one map from action to the positions that allow it, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Forbidden, NotFound
from app.domain.identity import Actor, Holding
from app.domain.vocabulary import (
    BODY_OF,
    BUREAU_ROLES,
    SCHOOL_ROLES,
    STANDING_BODY_ROLES,
    OrganizationKind,
    Role,
)


class Action(StrEnum):
    """What a person may want to do in an organisation."""

    SEE_ORGANIZATION = "see_organization"
    SEE_LEDGER = "see_ledger"
    CHANGE_RULES = "change_rules"
    MANAGE_PEOPLE = "manage_people"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of an act
    CREATE_ORGANIZATION = "create_organization"
    APPOINT_ADMIN = "appoint_admin"
    MANAGE_STUDIOS = "manage_studios"
    SEE_UNDELIVERED = "see_undelivered"
    ENTER_AUTHORIZATION = "enter_authorization"
    CONFIRM_AUTHORIZATION = "confirm_authorization"
    SET_ABSENCE = "set_absence"
    CHANGE_PROCESSES = "change_processes"
    APPROVE_PROCESSES = "approve_processes"
    SEE_DOSSIERS = "see_dossiers"
    SEE_SANCTIONS = "see_sanctions"
    SEE_NUMBERS = "see_numbers"
    KEEP_REGISTERS = "keep_registers"
    SEE_GRADES = "see_grades"
    SEE_STATISTICS = "see_statistics"
    KEEP_COLUMNS = "keep_columns"
    SEE_APPLICATIONS = "see_applications"
    KEEP_ROUNDS = "keep_rounds"
    SEE_SCORES = "see_scores"
    SEE_FILINGS = "see_filings"
    AUDIT_FILINGS = "audit_filings"


class Scope(StrEnum):
    """Where a position reaches: its own organisation, that and all below, or only what lies below."""

    OWN = "own"
    SUBTREE = "subtree"
    BELOW = "below"


@dataclass(frozen=True)
class Grant:
    """Positions in one of the roles allow an action within the scope."""

    roles: frozenset[Role]
    scope: Scope = Scope.OWN


@dataclass(frozen=True)
class Place:
    """Where an action is meant to happen."""

    organization_id: int
    organization_path: str


REACHES: Mapping[Scope, Callable[[Holding, Place], bool]] = {
    Scope.OWN: lambda held, place: held.organization_id == place.organization_id,
    Scope.SUBTREE: lambda held, place: place.organization_path.startswith(held.organization_path),
    Scope.BELOW: lambda held, place: (
        place.organization_path.startswith(held.organization_path) and held.organization_id != place.organization_id
    ),
}

_SCHOOL_HEADS = frozenset({Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE})
_MORAL_EDUCATION = frozenset({Role.MORAL_EDUCATION_OFFICE, Role.MORAL_EDUCATION_DIRECTOR})
_GROUP = BODY_OF[Role.LEADERSHIP_GROUP_MEMBER]
_ADMINS = frozenset({Role.PROCESS_ADMIN, Role.BUREAU_ADMIN})
_INSPECTORS = frozenset({Role.BUREAU_FINANCE, Role.BUREAU_AUDITOR})

POLICY: Mapping[Action, tuple[Grant, ...]] = {
    Action.SEE_ORGANIZATION: (Grant(frozenset(Role)), Grant(BUREAU_ROLES, Scope.SUBTREE)),
    Action.SEE_LEDGER: (Grant(_SCHOOL_HEADS | {Role.FINANCE_OFFICER}), Grant(_INSPECTORS, Scope.SUBTREE)),
    Action.CHANGE_RULES: (Grant(_ADMINS),),
    Action.MANAGE_PEOPLE: (Grant(_ADMINS),),
    Action.RESET_PASSWORD: (
        Grant(frozenset({Role.PROCESS_ADMIN})),
        Grant(frozenset({Role.BUREAU_ADMIN}), Scope.SUBTREE),
    ),
    Action.CREATE_ORGANIZATION: (Grant(frozenset({Role.BUREAU_ADMIN}), Scope.SUBTREE),),
    Action.APPOINT_ADMIN: (Grant(frozenset({Role.BUREAU_ADMIN}), Scope.BELOW),),
    Action.MANAGE_STUDIOS: (
        Grant(frozenset({Role.PROCESS_ADMIN})),
        Grant(frozenset({Role.BUREAU_ADMIN}), Scope.SUBTREE),
    ),
    Action.SEE_UNDELIVERED: (
        Grant(frozenset({Role.PROCESS_ADMIN})),
        Grant(frozenset({Role.BUREAU_ADMIN}), Scope.SUBTREE),
    ),
    Action.ENTER_AUTHORIZATION: (Grant(frozenset({Role.PROCESS_ADMIN})),),
    Action.CONFIRM_AUTHORIZATION: (Grant(_SCHOOL_HEADS | {Role.PROCESS_ADMIN}),),
    # For others: everybody sets the own one.
    Action.SET_ABSENCE: (Grant(_ADMINS),),
    Action.CHANGE_PROCESSES: (Grant(_ADMINS),),
    # A school may have one administrator only: its heads or the bureau above can be the second person.
    Action.APPROVE_PROCESSES: (
        Grant(_SCHOOL_HEADS | {Role.PROCESS_ADMIN, Role.BUREAU_LEADER}),
        Grant(frozenset({Role.BUREAU_ADMIN}), Scope.SUBTREE),
    ),
    # Others' files; whoever else needs one is entitled by an open task, until it is done.
    Action.SEE_DOSSIERS: (
        Grant(_MORAL_EDUCATION | {Role.PRINCIPAL, Role.DEPUTY_PRINCIPAL}),
        Grant(frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER}), Scope.SUBTREE),
    ),
    Action.SEE_SANCTIONS: (Grant(frozenset({Role.MORAL_EDUCATION_OFFICE, Role.DISCIPLINE_COMMITTEE})),),
    # Staff and mobile numbers.
    Action.SEE_NUMBERS: (Grant(frozenset({Role.MORAL_EDUCATION_OFFICE})),),
    # Of studios: money follows them, so whoever answers for that reads them, too.
    Action.SEE_GRADES: (
        Grant(_SCHOOL_HEADS | _MORAL_EDUCATION | {Role.DEPUTY_PRINCIPAL, Role.FINANCE_OFFICER}),
        Grant(BUREAU_ROLES - {Role.BUREAU_ADMIN}, Scope.SUBTREE),
    ),
    # How many hold which rank; who they are is for whoever sees their files.
    Action.SEE_STATISTICS: (
        Grant(_SCHOOL_HEADS | _MORAL_EDUCATION | {Role.DEPUTY_PRINCIPAL}),
        Grant(frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER}), Scope.SUBTREE),
    ),
    # The bureau's own heads in lists of ranks, its own and those of the schools below.
    Action.KEEP_COLUMNS: (Grant(frozenset({Role.BUREAU_ADMIN})),),
    # Who applied in a round of the organisation, or from it in one above.
    Action.SEE_APPLICATIONS: (
        Grant(_MORAL_EDUCATION | {Role.PRINCIPAL, Role.DEPUTY_PRINCIPAL} | _GROUP),
        Grant(frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER}), Scope.SUBTREE),
    ),
    # Moving the dates of a round.
    Action.KEEP_ROUNDS: (Grant(_MORAL_EDUCATION | {Role.BUREAU_CLERK}),),
    # What a panel's scores came to, beside its members: who prepares the decision, and who decides.
    Action.SEE_SCORES: (
        Grant(_MORAL_EDUCATION | _GROUP | {Role.PRINCIPAL, Role.DEPUTY_PRINCIPAL}),
        Grant(frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER})),
    ),
    # A school's filings of ranks, and the year of a bureau with all that is filed below it.
    Action.SEE_FILINGS: (
        Grant(_MORAL_EDUCATION | {Role.PRINCIPAL, Role.DEPUTY_PRINCIPAL}),
        Grant(frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER}), Scope.SUBTREE),
    ),
    Action.AUDIT_FILINGS: (Grant(frozenset({Role.BUREAU_CLERK})),),
    # Importing, and confirming the list of homeroom teachers.
    Action.KEEP_REGISTERS: (Grant(frozenset({Role.MORAL_EDUCATION_OFFICE})),),
}

ADMIN_ROLE: Mapping[OrganizationKind, Role] = {
    OrganizationKind.SCHOOL: Role.PROCESS_ADMIN,
    OrganizationKind.DISTRICT: Role.BUREAU_ADMIN,
    OrganizationKind.CITY: Role.BUREAU_ADMIN,
}


def allows(actor: Actor, action: Action, place: Place) -> bool:
    """Tell whether a position held today allows the action at the place."""
    return any(
        held.role in grant.roles and REACHES[grant.scope](held, place)
        for grant in POLICY[action]
        for held in actor.holdings
    )


def require(actor: Actor, action: Action, place: Place) -> None:
    """Refuse what no position allows: NotFound where the person may not even see the organisation."""
    if allows(actor, action, place):
        return
    raise Forbidden if allows(actor, Action.SEE_ORGANIZATION, place) else NotFound


def may_anywhere(actor: Actor, action: Action) -> bool:
    """Tell whether some position allows the action somewhere."""
    roles = frozenset[Role]().union(*(grant.roles for grant in POLICY[action]))
    return any(held.role in roles for held in actor.holdings)


def grantable_roles(kind: OrganizationKind) -> frozenset[Role]:
    """Return the roles that exist in an organisation of this kind; studio roles come with a studio."""
    return (SCHOOL_ROLES if kind == OrganizationKind.SCHOOL else BUREAU_ROLES) | STANDING_BODY_ROLES


def may_grant(actor: Actor, person_id: int | None, role: Role, kind: OrganizationKind, place: Place) -> bool:
    """Tell whether the actor may give a person a role: never to oneself, and below only the administrator's."""
    if person_id == actor.person_id or role not in grantable_roles(kind):
        return False
    if allows(actor, Action.MANAGE_PEOPLE, place):
        return True
    return role == ADMIN_ROLE[kind] and allows(actor, Action.APPOINT_ADMIN, place)
