"""Which roles a post brings: standing bodies are composed by position (S0 二1, S1 方案五, S4 六1)."""

from collections.abc import Mapping

from app.domain.vocabulary import Role

BUREAU: Mapping[str, tuple[Role, ...]] = {
    "leader": (Role.BUREAU_LEADER, Role.LEADERSHIP_GROUP_LEADER),
    "reviewer": (Role.BUREAU_REVIEWER, Role.LEADERSHIP_GROUP_DEPUTY, Role.REVIEW_PANEL_MEMBER),
    "clerk": (Role.BUREAU_CLERK, Role.LEADERSHIP_GROUP_MEMBER, Role.REVIEW_PANEL_MEMBER),
    "finance": (Role.BUREAU_FINANCE,),
    "auditor": (Role.BUREAU_AUDITOR,),
    "admin": (Role.BUREAU_ADMIN,),
    "officer": (Role.BUREAU_CLERK, Role.LEADERSHIP_GROUP_MEMBER, Role.REVIEW_PANEL_MEMBER),
}

# In a private school another person than the principal stands for it in law.
LEGAL = (Role.LEGAL_REPRESENTATIVE,)
HEAD = (Role.PRINCIPAL, Role.LEADERSHIP_GROUP_LEADER)

SCHOOL: Mapping[str, tuple[Role, ...]] = {
    "principal": (*LEGAL, *HEAD),
    "deputy": (Role.DEPUTY_PRINCIPAL, Role.LEADERSHIP_GROUP_DEPUTY, Role.REVIEW_PANEL_MEMBER, Role.TEACHER),
    "director": (
        Role.MORAL_EDUCATION_DIRECTOR,
        Role.MORAL_EDUCATION_OFFICE,
        Role.LEADERSHIP_GROUP_MEMBER,
        Role.REVIEW_PANEL_MEMBER,
        Role.TEACHER,
    ),
    "office": (Role.MORAL_EDUCATION_OFFICE, Role.LEADERSHIP_GROUP_MEMBER, Role.TEACHER),
    "academic": (Role.ACADEMIC_AFFAIRS_OFFICE, Role.REVIEW_PANEL_MEMBER, Role.TEACHER),
    "supervision": (Role.SUPERVISION_OFFICE, Role.TEACHER),
    "discipline": (Role.DISCIPLINE_COMMITTEE, Role.REVIEW_PANEL_MEMBER, Role.TEACHER),
    "finance": (Role.FINANCE_OFFICER,),
    "admin": (Role.PROCESS_ADMIN, Role.ACADEMIC_AFFAIRS_OFFICE, Role.TEACHER),
    "year_head": (Role.YEAR_GROUP_HEAD, Role.LEADERSHIP_GROUP_MEMBER, Role.TEACHER),
    "year_deputy": (Role.YEAR_GROUP_DEPUTY, Role.HOMEROOM_TEACHER, Role.TEACHER),
    "homeroom": (Role.HOMEROOM_TEACHER, Role.TEACHER),
    "assistant": (Role.ASSISTANT_HOMEROOM_TEACHER, Role.TEACHER),
    "teacher": (Role.TEACHER,),
}

# A school that is only needed as a neighbour: who signs, who pays, who keeps the rules, who may be a member.
SMALL = {"principal": 1, "finance": 1, "admin": 1, "homeroom": 3}
OFFICES = {
    "principal": 1,
    "deputy": 1,
    "director": 1,
    "office": 2,
    "academic": 2,
    "supervision": 2,
    "discipline": 2,
    "finance": 1,
    "admin": 1,
}
BUREAU_POSTS = {"leader": 1, "reviewer": 1, "clerk": 1, "finance": 1, "auditor": 1, "admin": 1, "officer": 2}
ASSISTANTS = 4


def full_school(grades: int, classes: int, people: int) -> dict[str, int]:
    """Return how many hold each post in a school: a homeroom teacher for every class, teachers for the rest."""
    homeroom = grades * classes - grades
    wanted = {**OFFICES, "year_head": grades, "year_deputy": grades, "homeroom": homeroom, "assistant": ASSISTANTS}
    return {**wanted, "teacher": people - sum(wanted.values())}


def roles_of(post: str, *, is_bureau: bool, is_private: bool) -> tuple[Role, ...]:
    """Return the roles that a post brings in an organisation."""
    if is_bureau:
        return BUREAU[post]
    if is_private and post in {"principal", "legal"}:
        return HEAD if post == "principal" else LEGAL
    return SCHOOL[post]
