"""Who does a task when its position cannot: the choices, which verdicts may pass by themselves, who stands above whom."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.vocabulary import Role, Verdict


class Otherwise(StrEnum):
    """What a task says for the case that its position cannot do it as it should."""

    SELF = "self"
    ADMINISTRATORS = "administrators"
    SUPERIOR = "superior"
    SKIP = "skip"
    ASK = "ask"


UNHELD = (Otherwise.ADMINISTRATORS, Otherwise.SUPERIOR, Otherwise.SKIP, Otherwise.ASK)
OWN = (Otherwise.SELF, *UNHELD)
# The verdicts that let a case go on; only these may be given without a person.
AFFIRMATIVE = (Verdict.AGREE, Verdict.ACCEPT)
# Who gave one of these has agreed; what is handed in or returned is agreed to anew.
AGREED = frozenset({*AFFIRMATIVE, Verdict.SIGN})
BEGINS_A_ROUND = frozenset({Verdict.SUBMIT, Verdict.RETURN})
# More steps than this do not pass by themselves in a row: a person looks then.
MOST_SKIPS = 20

# The next position up. What follows a school's principal is the bureau above it.
_SCHOOL: Mapping[Role, Role] = {
    Role.STUDIO_MEMBER: Role.STUDIO_HOST,
    Role.STUDIO_MENTOR: Role.STUDIO_HOST,
    Role.STUDIO_HOST: Role.MORAL_EDUCATION_OFFICE,
    Role.TEACHER: Role.YEAR_GROUP_HEAD,
    Role.ASSISTANT_HOMEROOM_TEACHER: Role.HOMEROOM_TEACHER,
    Role.HOMEROOM_TEACHER: Role.YEAR_GROUP_HEAD,
    Role.YEAR_GROUP_DEPUTY: Role.YEAR_GROUP_HEAD,
    Role.YEAR_GROUP_HEAD: Role.MORAL_EDUCATION_DIRECTOR,
    Role.MORAL_EDUCATION_OFFICE: Role.MORAL_EDUCATION_DIRECTOR,
    Role.MORAL_EDUCATION_DIRECTOR: Role.DEPUTY_PRINCIPAL,
    Role.ACADEMIC_AFFAIRS_OFFICE: Role.DEPUTY_PRINCIPAL,
    Role.SUPERVISION_OFFICE: Role.PRINCIPAL,
    Role.DISCIPLINE_COMMITTEE: Role.PRINCIPAL,
    Role.FINANCE_OFFICER: Role.PRINCIPAL,
    Role.DEPUTY_PRINCIPAL: Role.PRINCIPAL,
    Role.LEADERSHIP_GROUP_MEMBER: Role.LEADERSHIP_GROUP_DEPUTY,
    Role.REVIEW_PANEL_MEMBER: Role.LEADERSHIP_GROUP_DEPUTY,
    Role.LEADERSHIP_GROUP_DEPUTY: Role.LEADERSHIP_GROUP_LEADER,
    Role.LEADERSHIP_GROUP_LEADER: Role.PRINCIPAL,
}
_BUREAU: Mapping[Role, Role] = {
    Role.BUREAU_FINANCE: Role.BUREAU_LEADER,
    Role.BUREAU_AUDITOR: Role.BUREAU_LEADER,
    Role.BUREAU_CLERK: Role.BUREAU_REVIEWER,
    Role.BUREAU_REVIEWER: Role.BUREAU_LEADER,
}
ABOVE: Mapping[Role, Role] = MappingProxyType({**_SCHOOL, **_BUREAU})
# Whom the level above answers with, once an organisation's own positions are exhausted.
OF_THE_LEVEL_ABOVE = Role.BUREAU_CLERK
TOPS = frozenset({Role.PRINCIPAL, Role.BUREAU_LEADER})


def superiors(role: Role) -> Iterator[Role]:
    """Yield the positions above one within its organisation, the nearest first."""
    above = ABOVE.get(role)
    while above is not None:
        yield above
        above = ABOVE.get(above)


def affirmative(verdicts: tuple[str, ...]) -> str | None:
    """Return the one verdict by which a task may pass without a person, if it has exactly one."""
    found = [verdict for verdict in verdicts if verdict in AFFIRMATIVE]
    return found[0] if len(found) == 1 else None
