"""Objections 异议 to a name on a public notice: what may become of one, who may know whose it is, who decides."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.text import N_
from app.domain.vocabulary import Role

HANDLER = "objection.handler"
MIN_DECIDERS = "objection.min_deciders"
IDENTITY = "objection.identity"
REPLY_WORKING_DAYS = "objection.reply_working_days"
# The process of an objection; its tasks that the handler does: who has or did one reads what is sealed.
PROCESS = "objection"
HANDLER_TASKS = ("receive_objection", "investigate_objection", "write_reply")
# Its task that somebody outside the group does.
CONCLUDING_TASK = "conclude_above"
# Where nobody fits these, an administrator names somebody, and never does them oneself.
NAMED_TASKS = (*HANDLER_TASKS, CONCLUDING_TASK)
LONGEST_REASON = 3000
MOST_EVIDENCE = 10


class ObjectionStatus(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


OBJECTION_STATUS_TITLES: dict[ObjectionStatus, str] = {
    ObjectionStatus.OPEN: N_("核查中"),
    ObjectionStatus.UPHELD: N_("成立"),
    ObjectionStatus.DISMISSED: N_("不成立"),
    ObjectionStatus.WITHDRAWN: N_("已撤回"),
}


class Identity(StrEnum):
    """How far the rule lets it be known who objects."""

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"
    NAMED = "named"


# Who looks into an objection where the office that the rule names has nobody who may: the other office of a school.
OFFICES = (Role.SUPERVISION_OFFICE, Role.DISCIPLINE_COMMITTEE)
# In a bureau, which has neither, and in the bureau above a school; the nearest first.
BUREAU_OFFICES = (Role.BUREAU_AUDITOR, Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER)
# Who concludes in the level above.
CONCLUDING_ABOVE = (Role.BUREAU_REVIEWER, Role.BUREAU_LEADER, Role.BUREAU_CLERK)


@dataclass(frozen=True)
class Parts:
    """Who has which part in an objection: all chosen when it is raised, so that nobody later need know whose it is."""

    # The office, where several hold it and all may; else the one who does.
    office: str | None
    handler_id: int | None
    deciders: tuple[int, ...]
    # Who concludes where too few of the group may, or it is against the group.
    outsider_id: int | None


def first_free(people: Iterable[int], barred: Collection[int]) -> int | None:
    """Return the first of some people who is not barred."""
    return next((one for one in people if one not in barred), None)


def is_enough(deciders: Collection[int], least: int, *, is_against_group: bool) -> bool:
    """Tell whether the group itself may conclude."""
    return not is_against_group and len(deciders) >= least
