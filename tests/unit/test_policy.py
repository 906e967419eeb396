"""The policy map: who may do what, where; every action against every role and place."""

import pytest

from app.domain.errors import Forbidden, NotFound
from app.domain.identity import Actor, Holding
from app.domain.policy import POLICY, Action, Place, allows, grantable_roles, may_anywhere, may_grant, require
from app.domain.vocabulary import BUREAU_ROLES, STUDIO_ROLES, OrganizationKind, Role

CITY, DISTRICT, SCHOOL, SIBLING = (
    Place(1, "/1/"),
    Place(2, "/1/2/"),
    Place(3, "/1/2/3/"),
    Place(30, "/1/2/30/"),
)
PLACES = {"parent": DISTRICT, "own": SCHOOL, "sibling": SIBLING}

# What each role of a school may do in its own school; it may do nothing elsewhere.
SCHOOL_RIGHTS = {
    Role.PROCESS_ADMIN: {
        Action.CHANGE_RULES,
        Action.MANAGE_PEOPLE,
        Action.RESET_PASSWORD,
        Action.MANAGE_STUDIOS,
        Action.ENTER_AUTHORIZATION,
        Action.CONFIRM_AUTHORIZATION,
        Action.CHANGE_PROCESSES,
        Action.APPROVE_PROCESSES,
        Action.SEE_UNDELIVERED,
        Action.SET_ABSENCE,
    },
    Role.PRINCIPAL: {
        Action.SEE_LEDGER,
        Action.CONFIRM_AUTHORIZATION,
        Action.APPROVE_PROCESSES,
        Action.SEE_DOSSIERS,
        Action.SEE_GRADES,
        Action.SEE_STATISTICS,
        Action.SEE_APPLICATIONS,
        Action.SEE_SCORES,
        Action.SEE_FILINGS,
    },
    Role.DEPUTY_PRINCIPAL: {
        Action.SEE_DOSSIERS,
        Action.SEE_GRADES,
        Action.SEE_STATISTICS,
        Action.SEE_APPLICATIONS,
        Action.SEE_SCORES,
        Action.SEE_FILINGS,
    },
    Role.MORAL_EDUCATION_DIRECTOR: {
        Action.SEE_DOSSIERS,
        Action.SEE_GRADES,
        Action.SEE_STATISTICS,
        Action.SEE_APPLICATIONS,
        Action.SEE_SCORES,
        Action.SEE_FILINGS,
        Action.KEEP_ROUNDS,
    },
    Role.LEADERSHIP_GROUP_LEADER: {Action.SEE_APPLICATIONS, Action.SEE_SCORES},
    Role.LEADERSHIP_GROUP_DEPUTY: {Action.SEE_APPLICATIONS, Action.SEE_SCORES},
    Role.LEADERSHIP_GROUP_MEMBER: {Action.SEE_APPLICATIONS, Action.SEE_SCORES},
    Role.MORAL_EDUCATION_OFFICE: {
        Action.SEE_APPLICATIONS,
        Action.SEE_SCORES,
        Action.SEE_FILINGS,
        Action.KEEP_ROUNDS,
        Action.SEE_DOSSIERS,
        Action.SEE_SANCTIONS,
        Action.SEE_NUMBERS,
        Action.KEEP_REGISTERS,
        Action.SEE_GRADES,
        Action.SEE_STATISTICS,
    },
    Role.DISCIPLINE_COMMITTEE: {Action.SEE_SANCTIONS},
    Role.LEGAL_REPRESENTATIVE: {
        Action.SEE_LEDGER,
        Action.CONFIRM_AUTHORIZATION,
        Action.APPROVE_PROCESSES,
        Action.SEE_GRADES,
        Action.SEE_STATISTICS,
    },
    Role.FINANCE_OFFICER: {Action.SEE_LEDGER, Action.SEE_GRADES},
}


def holder(role: Role, place: Place, person_id: int = 7) -> Actor:
    held = Holding(1, role, place.organization_id, "某单位", place.organization_path)
    return Actor(person_id, "某人", "someone", (held,), held)


@pytest.mark.parametrize("role", [role for role in Role if role not in BUREAU_ROLES])
@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("where", PLACES)
def test_school_roles_reach_their_own_school_only(role: Role, action: Action, where: str) -> None:
    rights = SCHOOL_RIGHTS.get(role, set()) | {Action.SEE_ORGANIZATION}
    expected = where == "own" and action in rights
    assert allows(holder(role, SCHOOL), action, PLACES[where]) is expected


@pytest.mark.parametrize(
    ("action", "above", "own", "below"),
    [
        (Action.SEE_ORGANIZATION, False, True, True),
        (Action.MANAGE_PEOPLE, False, True, False),
        (Action.CREATE_ORGANIZATION, False, True, True),
        (Action.APPOINT_ADMIN, False, False, True),
        (Action.RESET_PASSWORD, False, True, True),
        (Action.MANAGE_STUDIOS, False, True, True),
        (Action.CHANGE_RULES, False, True, False),
        (Action.ENTER_AUTHORIZATION, False, False, False),
        (Action.CONFIRM_AUTHORIZATION, False, False, False),
        (Action.CHANGE_PROCESSES, False, True, False),
        (Action.APPROVE_PROCESSES, False, True, True),
        (Action.SEE_LEDGER, False, False, False),
        (Action.SEE_UNDELIVERED, False, True, True),
        (Action.SET_ABSENCE, False, True, False),
        (Action.SEE_DOSSIERS, False, False, False),
        (Action.SEE_GRADES, False, False, False),
    ],
)
def test_a_bureau_admin_reaches_down(action: Action, above: bool, own: bool, below: bool) -> None:  # noqa: FBT001
    actor = holder(Role.BUREAU_ADMIN, DISTRICT)
    assert [allows(actor, action, place) for place in (CITY, DISTRICT, SCHOOL)] == [above, own, below]


@pytest.mark.parametrize("role", [Role.BUREAU_FINANCE, Role.BUREAU_AUDITOR])
def test_inspectors_see_ledgers_and_grades_below_and_change_nothing(role: Role) -> None:
    actor = holder(role, DISTRICT)
    allowed = {action for action in Action if allows(actor, action, SCHOOL)}
    assert allowed == {Action.SEE_ORGANIZATION, Action.SEE_LEDGER, Action.SEE_GRADES}


def test_a_path_is_not_confused_with_a_longer_number() -> None:
    actor = holder(Role.BUREAU_ADMIN, Place(3, "/1/2/3/"))
    assert not allows(actor, Action.SEE_ORGANIZATION, SIBLING)


def test_what_is_out_of_sight_is_not_found_and_what_is_seen_is_forbidden() -> None:
    actor = holder(Role.TEACHER, SCHOOL)
    with pytest.raises(Forbidden):
        require(actor, Action.MANAGE_PEOPLE, SCHOOL)
    with pytest.raises(NotFound):
        require(actor, Action.MANAGE_PEOPLE, SIBLING)


def test_nobody_grants_themselves() -> None:
    admin = holder(Role.PROCESS_ADMIN, SCHOOL, person_id=7)
    assert may_grant(admin, 8, Role.PRINCIPAL, OrganizationKind.SCHOOL, SCHOOL)
    assert may_grant(admin, None, Role.PRINCIPAL, OrganizationKind.SCHOOL, SCHOOL)
    assert not may_grant(admin, 7, Role.PRINCIPAL, OrganizationKind.SCHOOL, SCHOOL)


def test_below_a_bureau_only_the_administrator_is_named() -> None:
    admin = holder(Role.BUREAU_ADMIN, DISTRICT)
    granted = {role for role in Role if may_grant(admin, 8, role, OrganizationKind.SCHOOL, SCHOOL)}
    assert granted == {Role.PROCESS_ADMIN}
    assert may_grant(admin, 8, Role.BUREAU_CLERK, OrganizationKind.DISTRICT, DISTRICT)
    assert not may_grant(admin, 8, Role.PRINCIPAL, OrganizationKind.DISTRICT, DISTRICT)


def test_an_administrator_cannot_grant_in_a_sibling_or_a_studio_s_role() -> None:
    admin = holder(Role.PROCESS_ADMIN, SCHOOL)
    assert not may_grant(admin, 8, Role.TEACHER, OrganizationKind.SCHOOL, SIBLING)
    assert not any(may_grant(admin, 8, role, OrganizationKind.SCHOOL, SCHOOL) for role in STUDIO_ROLES)
    assert not grantable_roles(OrganizationKind.SCHOOL) & STUDIO_ROLES


def test_every_action_has_a_rule() -> None:
    assert set(POLICY) == set(Action)
    assert may_anywhere(holder(Role.PROCESS_ADMIN, SCHOOL), Action.MANAGE_STUDIOS)
    assert not may_anywhere(holder(Role.TEACHER, SCHOOL), Action.MANAGE_PEOPLE)
